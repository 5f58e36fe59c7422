package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An update of a plugin: elsewhere the new version takes the place of the old one at once. */
class ReplacedGroupsTest {
  private static final long QUIET_MILLIS = 2_000;
  private static final long LIMIT_MILLIS = 25_000;

  /**
   * What is gone with a directory is deleted 600 ms after it went at the earliest. WordPress moves
   * the new version in after 540 ms at most; the watcher of a simulated node tells up to 300 ms
   * later.
   */
  private static final int GAP_MILLIS = 290;

  private static final RelativePath TOP = RelativePath.of("plugins/demo");
  private static final RelativePath FRESH = RelativePath.of("upgrade/demo");
  private static final RelativePath BACKUP = RelativePath.of("backup/demo");
  private static final RelativePath CHANGED = RelativePath.of("plugins/demo/d0/f0");

  private final TreeMap<RelativePath, String> before = plugin("v1", 24);
  private final TreeMap<RelativePath, String> after = plugin("v2", 30);

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("simulation.updates", 40));
  }

  /** Of every six files one is the same in all versions, and one is in no other. */
  private static TreeMap<RelativePath, String> plugin(String version, int count) {
    TreeMap<RelativePath, String> files = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String text = i % 6 == 1 ? "same" : version + " " + i;
      String name = i % 6 == 2 ? version + "-" + i : "f" + i;
      files.put(RelativePath.of(TOP + "/d" + i % 4 + "/" + name), text);
    }
    files.put(RelativePath.of(TOP + "/only-" + version + "/f"), version);
    return files;
  }

  private static TreeMap<RelativePath, String> at(
      RelativePath top, TreeMap<RelativePath, String> plugin) {
    TreeMap<RelativePath, String> moved = new TreeMap<>();
    plugin.forEach((path, text) ->
        moved.put(RelativePath.of(top + path.toString().substring(TOP.length())), text));
    return moved;
  }

  private static TreeMap<RelativePath, String> shown(SimulatedNode node) {
    return node.disk.things().tailMap(TOP).entrySet().stream()
        .filter(entry -> entry.getKey().isWithin(TOP))
        .filter(entry -> entry.getValue().type() == EntryType.FILE)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, entry -> entry.getValue().text(), (a, b) -> a, TreeMap::new));
  }

  /** Two nodes with the old version, and the new one ready on the first. */
  private SimulatedCluster installed(long seed, SimulatedUser[] user) {
    SimulatedCluster cluster = new SimulatedCluster(seed, 2, false);
    user[0] = new SimulatedUser(cluster, new Lineage());
    cluster.nodes().forEach(cluster::start);
    for (String name : new String[] {"plugins", "upgrade", "backup"}) {
      user[0].makeDirectory(cluster.node(0), RelativePath.of(name));
    }
    user[0].moveIn(cluster.node(0), TOP, before);
    user[0].moveIn(cluster.node(0), FRESH, at(FRESH, after));
    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));
    assertEquals(before, shown(cluster.node(1)));
    return cluster;
  }

  private static void update(SimulatedCluster cluster, SimulatedUser user, long gapMillis) {
    user.rename(cluster.node(0), TOP, BACKUP);
    cluster.run(gapMillis);
    user.rename(cluster.node(0), FRESH, TOP);
  }

  private static void assertSettled(SimulatedCluster cluster) {
    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(shown(cluster.node(0)), shown(node));
      assertEquals(
          cluster.node(0).disk.things().keySet(), node.disk.things().keySet(), node::toString);
      assertEquals(0, node.journal().intents().size());
      assertEquals(0, node.journal().pendingCount());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void showsTheOldVersionUntilItShowsTheNewOne(long seed) {
    SimulatedUser[] user = new SimulatedUser[1];
    SimulatedCluster cluster = installed(seed, user);
    SimulatedNode other = cluster.node(1);

    update(cluster, user[0], new SplittableRandom(seed).nextInt(GAP_MILLIS));

    for (long millis = 0; millis < LIMIT_MILLIS && !after.equals(shown(other)); millis++) {
      assertEquals(before, shown(other));
      cluster.run(1);
    }
    assertEquals(after, shown(other));
    assertSettled(cluster);
    assertEquals(after, shown(other));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsWhatIsWrittenThereMeanwhile(long seed) {
    SimulatedUser[] user = new SimulatedUser[1];
    SimulatedCluster cluster = installed(seed, user);
    SplittableRandom random = new SplittableRandom(seed);
    RelativePath own = TOP.child("own");
    String written = "theirs";

    update(cluster, user[0], random.nextInt(GAP_MILLIS));
    cluster.run(random.nextInt(1_500));
    user[0].write(cluster.node(1), CHANGED, written);
    user[0].write(cluster.node(1), own, written + " too");

    assertSettled(cluster);
    assertTrue(shown(cluster.node(0)).containsKey(own));
    boolean kept =
        shown(cluster.node(0)).containsValue(written)
            || cluster.node(0).disk.vault().containsValue(written);
    assertTrue(kept, () -> written + " is lost");
  }
}
