package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a node told to be durable is there after a power cut, or the run fails and names it. */
class DurableClaimsTest {
  private static final List<RelativePath> FILES =
      IntStream.range(0, 10).mapToObj(i -> RelativePath.of("f" + i)).toList();
  private static final int POWER_CUTS = 30;

  private final SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
  private final Lineage lineage = new Lineage();
  private final SimulatedUser user = new SimulatedUser(cluster, lineage);
  private final Crashes crashes = new Crashes(cluster, user, lineage);
  private final SimulatedNode one = cluster.node(0);
  private final SimulatedNode two = cluster.node(1);
  private final DurableClaims claims = new DurableClaims(cluster);

  @BeforeEach
  void begin() {
    crashes.holdTo(claims);
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
  }

  private void writeAndSettle() {
    FILES.forEach(file -> user.write(one, file, "text of " + file));
    cluster.settleAndApprove();
    FILES.forEach(file -> assertEquals("text of " + file, two.disk.at(file).text()));
  }

  private void cutPowerOften() {
    for (int i = 0; i < POWER_CUTS; i++) {
      crashes.powerLost(two);
      if (!two.isUp()) {
        cluster.start(two);
      }
    }
  }

  @Test
  void whatWasSyncedIsThere() {
    writeAndSettle();
    cutPowerOften();
    assertTrue(claims.checked() >= POWER_CUTS);
  }

  /** Its author has lost them meanwhile. */
  @Test
  void contentOnADiskThatDidNotSyncIsNamed() {
    two.disk.lying = true;
    writeAndSettle();
    FILES.forEach(file -> one.disk.remove(file, one.nowNanos()));
    one.disk.vault().clear();
    String failure = failure(this::cutPowerOften);
    assertTrue(failure.startsWith("not durable: n1 told that it had synced"), failure);
    assertTrue(failure.contains(", which is nowhere"), failure);
  }

  /** The journal of a node is as it was before it told. */
  @Test
  void versionThatAJournalDoesNotKnowAnyMoreIsNamed() {
    FakeJournal image = two.journal().image();
    writeAndSettle();
    List<DurableClaims.Before> before = claims.before(two);
    crashes.kill(two);
    two.restore(image);
    String failure = failure(() -> claims.check(two, before));
    assertTrue(failure.contains("does not know any more"), failure);
  }

  private static String failure(Executable run) {
    return String.valueOf(assertThrows(AssertionError.class, run).getMessage());
  }

  @Test
  void aRunLooksForMany() {
    long checked =
        LongStream.range(Swarm.HONEST_SEEDS, Swarm.HONEST_SEEDS + 40)
            .filter(seed -> Swarm.of(seed).has(Knob.POWER_CUTS))
            .mapToObj(RandomSchedule::run)
            .mapToLong(RandomSchedule::durableChecked)
            .sum();
    assertTrue(checked > 100, checked + " versions");
  }
}
