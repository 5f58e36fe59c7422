package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.kernel.Bounds;
import dev.replicator.model.Group;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that is renamed on one node is renamed on the others. */
class RenamedFileTest extends RenameScenario {
  private static final RelativePath OTHER = RelativePath.of("archive/other");
  private static final String TEXT = "what is in it";

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("simulation.moves", 40));
  }

  /** A cluster whose nodes all have a file that somebody is about to rename. */
  private SimulatedCluster cluster(long seed, int size) {
    SimulatedCluster cluster = new SimulatedCluster(seed, size, false);
    cluster
        .nodes()
        .forEach(
            node -> node.bound(Bounds.ORDINARY.withFiles(1, Bounds.ORDINARY.restBytesPerSecond())));
    begin(cluster);
    user(cluster).write(cluster.node(0), OLD, TEXT);
    settle(cluster);
    return cluster;
  }

  private static long inode(SimulatedNode node, RelativePath path) {
    return node.disk.find(path).map(Thing::inode).orElse(-1L);
  }

  private static boolean isToldAsRenamed(SimulatedNode node) {
    Group group = new Group(node.journal().record(NEW).orElseThrow().group());
    return !group.isNone() && !group.isClosed();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsTheFileThatIsThere(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);
    long before = inode(cluster.node(1), OLD);

    user(cluster).rename(cluster.node(0), OLD, NEW);

    settle(cluster);
    assertEqualDisks(cluster);
    assumeTrue(isToldAsRenamed(cluster.node(0)), "seen before its event came");
    assertEquals(before, inode(cluster.node(1), NEW));
    assertTrue(cluster.node(1).disk.vault().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsItWhereAnotherNodeTellsOfIt(long seed) {
    SimulatedCluster cluster = cluster(seed, 3);
    cluster.link(cluster.node(0), cluster.node(2)).cut();
    long before = inode(cluster.node(2), OLD);

    user(cluster).rename(cluster.node(0), OLD, NEW);

    settle(cluster);
    assertEqualDisks(cluster);
    assumeTrue(isToldAsRenamed(cluster.node(0)), "seen before its event came");
    assertEquals(before, inode(cluster.node(2), NEW));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsItWhereThePeerWasAway(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);
    cluster.link(cluster.node(0), cluster.node(1)).cut();
    long before = inode(cluster.node(1), OLD);
    user(cluster).rename(cluster.node(0), OLD, NEW);
    cluster.run(LIMIT_MILLIS / 2);

    cluster.link(cluster.node(0), cluster.node(1)).heal();

    settle(cluster);
    assertEqualDisks(cluster);
    assumeTrue(isToldAsRenamed(cluster.node(0)), "seen before its event came");
    assertEquals(before, inode(cluster.node(1), NEW));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void losesNothingThatIsWrittenThereMeanwhile(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedNode two = cluster.node(1);

    user(cluster).rename(cluster.node(0), OLD, NEW);
    cluster.run(random.nextInt(900));
    RelativePath there = two.disk.find(NEW).isPresent() ? NEW : OLD;
    user(cluster).write(two, there, "theirs");

    settle(cluster);
    assertEqualDisks(cluster);
    assertTrue(shown(cluster.node(0)).containsValue("theirs"));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsBothNamesThatTwoNodesGaveIt(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);
    SplittableRandom random = new SplittableRandom(seed);

    user(cluster).rename(cluster.node(0), OLD, NEW);
    cluster.run(random.nextInt(300));
    user(cluster).rename(cluster.node(1), OLD, OTHER);

    settle(cluster);
    assertEqualDisks(cluster);
    assertTrue(shown(cluster.node(0)).containsValue(TEXT));
    assertTrue(cluster.node(0).disk.find(OLD).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void endsUnderTheLastOfTheNamesThatFollowEachOther(long seed) {
    SimulatedCluster cluster = cluster(seed, 3);
    SplittableRandom random = new SplittableRandom(seed);
    List<RelativePath> names = new ArrayList<>(List.of(OLD, NEW, OTHER));
    RelativePath at = OLD;

    for (int i = 0; i < 6; i++) {
      RelativePath to = names.get(random.nextInt(names.size()));
      user(cluster).rename(cluster.node(0), at, to);
      at = to;
      cluster.run(random.nextInt(700));
    }

    settle(cluster);
    assertEqualDisks(cluster);
    assertEquals(List.of(TEXT), List.copyOf(shown(cluster.node(2)).values()));
    assertTrue(cluster.node(2).disk.find(at).isPresent());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void endsEqualWheneverANodeIsKilled(long seed) {
    for (long millis = 0; millis < 1_200; millis += 29 + seed) {
      SimulatedCluster cluster = cluster(seed, 2);
      user(cluster).rename(cluster.node(0), OLD, NEW);
      cluster.run(millis);
      SimulatedNode victim = cluster.node((int) (millis % 2));

      victim.kill();
      cluster.start(victim);

      cluster.settleAndApprove();
      assertEqualDisks(cluster);
      assertEquals(List.of(TEXT), List.copyOf(shown(cluster.node(1)).values()));
    }
  }

  @Test
  void knowsItsOwnWorkAfterItWasKilledWhenItWasDone() {
    SimulatedCluster cluster = cluster(5, 2);
    SimulatedNode two = cluster.node(1);
    two.stallOutcomes();
    user(cluster).rename(cluster.node(0), OLD, NEW);
    cluster.run(LIMIT_MILLIS / 3);
    assertEquals(2, two.journal().intents().size());
    assertTrue(two.disk.find(OLD).isEmpty());
    long counter = two.journal().root().orElseThrow().counter();

    two.kill();
    cluster.start(two);

    settle(cluster);
    assertEqualDisks(cluster);
    assertEquals(counter, two.journal().root().orElseThrow().counter());
  }
}
