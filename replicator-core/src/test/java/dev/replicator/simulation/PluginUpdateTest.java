package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What WordPress does to update a plugin: the old one moves away, the new one moves in. */
class PluginUpdateTest {
  private static final long QUIET_MILLIS = 2_000;
  private static final long LIMIT_MILLIS = 25_000;
  private static final RelativePath DEMO = RelativePath.of("plugins/demo");
  private static final RelativePath FRESH = RelativePath.of("upgrade/demo-v2/demo");
  private static final RelativePath BACKUP = RelativePath.of("backup/plugins/demo");
  private static final String DROPPED = "d3";

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("simulation.updates", 40));
  }

  private static TreeMap<RelativePath, String> plugin(
      RelativePath top, String version, boolean all) {
    TreeMap<RelativePath, String> files = new TreeMap<>();
    for (int i = 0; i < 24; i++) {
      if (all || i % 6 != 3) {
        files.put(RelativePath.of(top + "/d" + i % 6 + "/f" + i), version + i);
      }
    }
    files.put(RelativePath.of(top + "/demo.php"), version);
    return files;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatTheNewVersionDroppedGoesAndStaysAway(long seed) {
    SimulatedCluster cluster = new SimulatedCluster(seed, 2, false);
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedUser user = new SimulatedUser(cluster, new Lineage());
    cluster.nodes().forEach(cluster::start);
    SimulatedNode one = cluster.node(0);
    SimulatedNode other = cluster.node(1);
    for (String name : List.of("plugins", "upgrade", "backup", "backup/plugins")) {
      user.makeDirectory(one, RelativePath.of(name));
    }
    user.moveIn(one, DEMO, plugin(DEMO, "v1", true));
    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));

    user.makeDirectory(one, FRESH.parent());
    user.moveIn(one, FRESH, plugin(FRESH, "v2", random.nextBoolean()));
    cluster.run(random.nextLong(600));
    user.delete(one, RelativePath.of(FRESH + "/" + DROPPED));
    cluster.run(random.nextLong(600));
    user.rename(one, DEMO, BACKUP);
    cluster.run(random.nextInt(3) == 0 ? random.nextLong(600) : 0);
    user.rename(one, FRESH, DEMO);
    user.delete(one, FRESH.parent());

    RelativePath dropped = RelativePath.of(DEMO + "/" + DROPPED);
    boolean gone = false;
    for (long millis = 0; millis < LIMIT_MILLIS; millis++) {
      cluster.run(1);
      assertFalse(one.disk.find(dropped).isPresent(), () -> "put back, seed " + seed);
      boolean there = other.disk.find(dropped).isPresent();
      assertFalse(gone && there, "it came back");
      gone = gone || !there;
    }
    assertEquals(one.disk.things().keySet(), other.disk.things().keySet(), () -> "seed " + seed);
    assertTrue(gone);
  }
}
