package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole directories come, go and take each other's places on two nodes at once. */
class ConcurrentDirectoriesTest {
  /** Enough for every retry, and much less than a group that is never closed is waited for. */
  private static final long LIMIT_MILLIS = 12_000;

  private static final int ACTS = 8;
  private static final List<RelativePath> DIRECTORIES =
      List.of(
          RelativePath.of("a"),
          RelativePath.of("b"),
          RelativePath.of("a/s"),
          RelativePath.of("b/s"),
          RelativePath.of("b/s/t"));

  private int texts;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("simulation.directories", 80));
  }

  private String text() {
    texts++;
    return "text " + texts;
  }

  private void fill(SimulatedUser user, SimulatedNode node) {
    for (RelativePath directory : DIRECTORIES) {
      user.makeDirectory(node, directory);
      user.write(node, directory.child("f"), text());
    }
  }

  private void moveIn(SimulatedUser user, SimulatedNode node, RelativePath top) {
    TreeMap<RelativePath, String> files = new TreeMap<>();
    for (String name : List.of("f", "g", "s/f")) {
      files.put(RelativePath.of(top + "/" + name), text());
    }
    user.moveIn(node, top, files);
  }

  private void act(SimulatedUser user, SimulatedNode node, SplittableRandom random) {
    RelativePath one = DIRECTORIES.get(random.nextInt(DIRECTORIES.size()));
    RelativePath other = DIRECTORIES.get(random.nextInt(DIRECTORIES.size()));
    int dice = random.nextInt(5);
    if (dice == 0) {
      user.write(node, one.child("g"), text());
    } else if (dice == 1) {
      user.delete(node, one);
    } else if (dice == 2 && node.disk.isDirectory(one.parent())) {
      user.delete(node, one);
      moveIn(user, node, one);
    } else if (node.disk.isDirectory(one) && !one.isWithin(other) && !other.isWithin(one)) {
      user.delete(node, other);
      user.rename(node, one, other);
    }
  }

  private static int pending(SimulatedCluster cluster) {
    return cluster.nodes().stream().mapToInt(node -> (int) node.journal().pendingCount()).sum();
  }

  private static boolean isEqual(SimulatedCluster cluster) {
    return cluster.node(0).disk.things().keySet().equals(cluster.node(1).disk.things().keySet());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nobodyWaitsForWhatNobodyTellsAnyMore(long seed) {
    SimulatedCluster cluster = new SimulatedCluster(seed, 2, false);
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedUser user = new SimulatedUser(cluster, new Lineage());
    cluster.nodes().forEach(cluster::start);
    user.makeDirectory(cluster.node(0), RelativePath.of("stays"));
    fill(user, cluster.node(0));
    cluster.run(LIMIT_MILLIS);

    for (int acts = 0; acts < ACTS; acts++) {
      act(user, cluster.node(random.nextInt(2)), random);
      cluster.run(random.nextBoolean() ? random.nextLong(20) : random.nextLong(400));
    }
    cluster.run(LIMIT_MILLIS);

    assertEquals(0, pending(cluster), () -> "seed " + seed);
    assertTrue(isEqual(cluster), () -> "seed " + seed);
  }
}
