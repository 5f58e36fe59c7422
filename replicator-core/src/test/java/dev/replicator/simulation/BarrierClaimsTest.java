package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A barrier in the middle of a run that is done though a peer shows less, is named. */
class BarrierClaimsTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final long TIMEOUT_MILLIS = 5_000;

  private final SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
  private final Lineage lineage = new Lineage();
  private final SimulatedUser user = new SimulatedUser(cluster, lineage);
  private final SimulatedNode one = cluster.node(0);
  private final SimulatedNode two = cluster.node(1);
  private final BarrierClaims claims = new BarrierClaims(cluster, lineage);

  @BeforeEach
  void begin() {
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
  }

  private void ask() {
    ask(false);
  }

  private void ask(boolean durable) {
    claims.ask(one, RelativePath.ROOT, OptionalInt.empty(), TIMEOUT_MILLIS, durable);
    cluster.run(TIMEOUT_MILLIS);
  }

  @Test
  void whatWasWrittenBeforeIsThere() {
    user.write(one, F, "text");
    ask();
    assertEquals(1, claims.done());
    assertEquals(1, claims.checked());
    assertEquals("text", two.disk.at(F).text());
  }

  /** Somebody takes it away where nobody looks: the node tells that it shows it, and does not. */
  @Test
  void peerThatShowsNothingIsNamed() {
    user.write(one, F, "text");
    cluster.settleAndApprove();
    two.disk.remove(F, two.nowNanos());
    AssertionError failure = assertThrows(AssertionError.class, this::ask);
    assertEquals("barrier of n0 is done, but text of f is not on n1", failure.getMessage());
  }

  @Test
  void whatIsDurableIsLeftByAPowerCutOfBoth() {
    user.write(one, F, "text");
    ask(true);
    assertEquals(1, claims.done());
    one.cutPower();
    two.cutPower();
    assertEquals("text", one.disk.at(F).text());
    assertEquals("text", two.disk.at(F).text());
  }

  @Test
  void nothingIsDurableWhileThePeerDoesNotSync() {
    two.syncs().stall();
    user.write(one, F, "text");
    ask(true);
    assertEquals(0, claims.done());
    assertEquals("text", two.disk.at(F).text());
  }

  @Test
  void nothingIsDurableWhileItIsNotSyncedHere() {
    user.write(one, F, "text");
    cluster.settleAndApprove();
    one.syncs().stall();
    ask(true);
    assertEquals(0, claims.done());
  }

  @Test
  void whatSomebodyDidSinceIsAsked() {
    user.write(one, F, "text");
    cluster.settleAndApprove();
    user.delete(two, F);
    ask();
    assertTrue(claims.done() > 0);
  }

  @Test
  void aRunLooksForMany() {
    long checked =
        LongStream.range(Swarm.HONEST_SEEDS, Swarm.HONEST_SEEDS + 40)
            .filter(seed -> Swarm.of(seed).has(Knob.BARRIERS))
            .mapToObj(RandomSchedule::run)
            .mapToLong(RandomSchedule::barriersChecked)
            .sum();
    assertTrue(checked > 50, checked + " files");
  }
}
