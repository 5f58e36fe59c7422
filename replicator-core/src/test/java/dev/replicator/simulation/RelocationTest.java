package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.RelativePath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A directory that is renamed on one node is renamed on the others, and nothing of it is made anew.
 */
class RelocationTest extends RenameScenario {
  private static final int FILES = 30;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("simulation.moves", 24));
  }

  /** A cluster whose nodes all have a directory that somebody is about to rename. */
  private SimulatedCluster cluster(long seed, int size) {
    SimulatedCluster cluster = begin(new SimulatedCluster(seed, size, false));
    TreeMap<RelativePath, String> files = new TreeMap<>();
    for (int i = 0; i < FILES; i++) {
      files.put(RelativePath.of(OLD + (i % 2 == 0 ? "/f" : "/d/f") + i), "text " + i);
    }
    user(cluster).moveIn(cluster.node(0), OLD, files);
    settle(cluster);
    return cluster;
  }

  /** Each path with the inode that is there, as it will be once the directory has its new name. */
  private static Map<RelativePath, Long> inodes(SimulatedNode node, RelativePath directory) {
    Map<RelativePath, Long> inodes = new LinkedHashMap<>();
    node.disk
        .things()
        .forEach((path, thing) -> {
          if (path.isWithin(directory)) {
            inodes.put(path.moved(directory, NEW).orElseThrow(), thing.inode());
          }
        });
    return inodes;
  }

  private static boolean isToldAsOne(SimulatedNode node) {
    return node.journal().recordsAfter(NEW.parent(), 10 * FILES).entrySet().stream()
        .filter(entry -> entry.getKey().isWithin(NEW))
        .allMatch(entry -> entry.getValue().group() != 0);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsEveryFileThatIsThere(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);
    Map<RelativePath, Long> before = inodes(cluster.node(1), OLD);

    user(cluster).rename(cluster.node(0), OLD, NEW);

    settle(cluster);
    assertEqualDisks(cluster);
    assumeTrue(isToldAsOne(cluster.node(0)), "seen before its event came");
    assertEquals(before, inodes(cluster.node(1), NEW));
    assertEquals(FILES + 2, before.size());
    assertTrue(cluster.node(1).disk.vault().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsThemWhereAnotherNodeTellsOfIt(long seed) {
    SimulatedCluster cluster = cluster(seed, 3);
    cluster.link(cluster.node(0), cluster.node(2)).cut();
    Map<RelativePath, Long> before = inodes(cluster.node(2), OLD);

    user(cluster).rename(cluster.node(0), OLD, NEW);

    settle(cluster);
    assertEqualDisks(cluster);
    assumeTrue(isToldAsOne(cluster.node(0)), "seen before its event came");
    assertEquals(before, inodes(cluster.node(2), NEW));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsThemWhereThePeerWasAway(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);
    cluster.link(cluster.node(0), cluster.node(1)).cut();
    Map<RelativePath, Long> before = inodes(cluster.node(1), OLD);
    user(cluster).rename(cluster.node(0), OLD, NEW);
    cluster.run(LIMIT_MILLIS / 2);

    cluster.link(cluster.node(0), cluster.node(1)).heal();

    settle(cluster);
    assertEqualDisks(cluster);
    assumeTrue(isToldAsOne(cluster.node(0)), "seen before its event came");
    assertEquals(before, inodes(cluster.node(1), NEW));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void losesNothingThatIsWrittenThereMeanwhile(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedNode two = cluster.node(1);

    user(cluster).rename(cluster.node(0), OLD, NEW);
    for (int i = 0; i < 6; i++) {
      cluster.run(random.nextInt(300));
      RelativePath top = two.disk.find(OLD).isPresent() ? OLD : NEW;
      user(cluster).write(two, top.child("f0"), "theirs " + i);
      user(cluster).write(two, top.child("d").child("own" + i), "own " + i);
    }

    settle(cluster);
    assertEqualDisks(cluster);
    for (int i = 0; i < 6; i++) {
      assertTrue(shown(cluster.node(0)).containsValue("own " + i), "own " + i);
    }
    boolean kept =
        shown(cluster.node(0)).containsValue("theirs 5")
            || cluster.node(0).disk.vault().containsValue("theirs 5");
    assertTrue(kept);
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
      assertEquals(FILES, shown(cluster.node(1)).size());
    }
  }

  @Test
  void knowsItsOwnWorkAfterItWasKilledWhenItWasDone() {
    SimulatedCluster cluster = cluster(5, 2);
    SimulatedNode two = cluster.node(1);
    two.stallOutcomes();
    user(cluster).rename(cluster.node(0), OLD, NEW);
    cluster.run(LIMIT_MILLIS / 3);
    assertEquals(2 * (FILES + 2), two.journal().intents().size());
    assertTrue(two.disk.find(OLD).isEmpty());
    long counter = two.journal().root().orElseThrow().counter();

    two.kill();
    user(cluster).write(two, NEW.child("f0"), "by a user of the peer");
    cluster.start(two);

    settle(cluster);
    assertEqualDisks(cluster);
    assertEquals(counter + 1, two.journal().root().orElseThrow().counter());
    assertEquals("by a user of the peer", shown(cluster.node(0)).get(NEW.child("f0")));
  }

  @Test
  void goesPathByPathWhereThePeerHasMore() {
    SimulatedCluster cluster = cluster(3, 2);
    cluster.link(cluster.node(0), cluster.node(1)).cut();
    Map<RelativePath, Long> before = inodes(cluster.node(1), OLD);
    user(cluster).rename(cluster.node(0), OLD, NEW);
    user(cluster).write(cluster.node(1), OLD.child("more"), "theirs");
    cluster.run(LIMIT_MILLIS / 2);

    cluster.link(cluster.node(0), cluster.node(1)).heal();

    settle(cluster);
    assertEqualDisks(cluster);
    assertEquals("theirs", shown(cluster.node(0)).get(OLD.child("more")));
    assertNotEquals(before, inodes(cluster.node(1), NEW));
  }
}
