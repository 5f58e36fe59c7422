package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory that arrives whole on one node, and who looks at it on another. */
class GroupsTest {
  private static final RelativePath TOP = RelativePath.of("plugins/x");
  private static final int FILES = 60;
  private static final long QUIET_MILLIS = 2_000;
  private static final long LIMIT_MILLIS = 90_000;
  private static final long WAIT_MILLIS = 30_000;

  private final Lineage lineage = new Lineage();

  /** A cluster whose nodes have merged, and have a directory for plugins. */
  private SimulatedCluster cluster(long seed, int size) {
    SimulatedCluster cluster = new SimulatedCluster(seed, size, false);
    cluster.nodes().forEach(cluster::start);
    user(cluster).makeDirectory(cluster.node(0), TOP.parent());
    settle(cluster);
    return cluster;
  }

  private SimulatedUser user(SimulatedCluster cluster) {
    return new SimulatedUser(cluster, lineage);
  }

  private static void settle(SimulatedCluster cluster) {
    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));
  }

  private static TreeMap<RelativePath, String> plugin(String version) {
    TreeMap<RelativePath, String> files = new TreeMap<>();
    for (int i = 0; i < FILES; i++) {
      String below = i % 3 == 0 ? "f" + i : i % 3 == 1 ? "inc/f" + i : "lang/f" + i;
      files.put(RelativePath.of(TOP + "/" + below), version + " " + i);
    }
    return files;
  }

  private static TreeMap<RelativePath, String> shown(SimulatedNode node, RelativePath top) {
    return node.disk.things().tailMap(top).entrySet().stream()
        .filter(entry -> entry.getKey().isWithin(top))
        .filter(entry -> entry.getValue().type() == EntryType.FILE)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, entry -> entry.getValue().text(), (a, b) -> a, TreeMap::new));
  }

  /** Looks at {@code node} every moment until {@code wanted} is there; never less of it. */
  private static void seesNothingOrAll(
      SimulatedCluster cluster, SimulatedNode node, TreeMap<RelativePath, String> wanted) {
    for (long millis = 0; millis < LIMIT_MILLIS; millis++) {
      cluster.run(1);
      if (node.disk.find(TOP).isPresent()) {
        assertEquals(wanted, shown(node, TOP));
        return;
      }
    }
    throw new AssertionError(TOP + " never shows on " + node);
  }

  private static void assertEqualDisks(SimulatedCluster cluster) {
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(shown(cluster.node(0), RelativePath.ROOT), shown(node, RelativePath.ROOT));
      assertEquals(
          cluster.node(0).disk.things().keySet(), node.disk.things().keySet(), node::toString);
      assertEquals(0, node.journal().intents().size());
      assertEquals(0, node.journal().pendingCount());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void showsNothingOfItOrAll(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);

    user(cluster).moveIn(cluster.node(0), TOP, plugin("v1"));

    seesNothingOrAll(cluster, cluster.node(1), plugin("v1"));
    settle(cluster);
    assertEqualDisks(cluster);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void closesEachOfSeveralThatArriveAtOnce(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);

    for (String name : new String[] {"plugins/a", "plugins/b", "plugins/c", "plugins/d"}) {
      RelativePath top = RelativePath.of(name);
      TreeMap<RelativePath, String> files = new TreeMap<>();
      files.put(RelativePath.of(top + "/f"), name);
      user(cluster).moveIn(cluster.node(0), top, files);
    }

    assertTrue(cluster.settle(QUIET_MILLIS, WAIT_MILLIS / 2));
    assertEqualDisks(cluster);
    assertEquals(4, shown(cluster.node(1), RelativePath.ROOT).size());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void showsItWholeAfterAMoveWithinTheRoot(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);
    RelativePath before = RelativePath.of("before");
    TreeMap<RelativePath, String> elsewhere = new TreeMap<>();
    plugin("v1")
        .forEach((path, text) ->
            elsewhere.put(RelativePath.of(before + path.toString().substring(TOP.length())), text));
    user(cluster).moveIn(cluster.node(0), before, elsewhere);
    settle(cluster);

    user(cluster).rename(cluster.node(0), before, TOP);

    seesNothingOrAll(cluster, cluster.node(1), plugin("v1"));
    settle(cluster);
    assertEqualDisks(cluster);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void showsItWholeToANodeThatHearsOfItFromAnother(long seed) {
    SimulatedCluster cluster = cluster(seed, 3);
    cluster.link(cluster.node(0), cluster.node(2)).cut();

    user(cluster).moveIn(cluster.node(0), TOP, plugin("v1"));

    seesNothingOrAll(cluster, cluster.node(2), plugin("v1"));
    settle(cluster);
    assertEqualDisks(cluster);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void showsItWholeToAPeerThatWasAwayAndWithWhatChangedSince(long seed) {
    SimulatedCluster cluster = cluster(seed, 2);
    cluster.link(cluster.node(0), cluster.node(1)).cut();
    user(cluster).moveIn(cluster.node(0), TOP, plugin("v1"));
    cluster.run(WAIT_MILLIS);
    TreeMap<RelativePath, String> wanted = plugin("v1");
    RelativePath edited = wanted.firstKey();
    user(cluster).write(cluster.node(0), edited, "edited");
    RelativePath deleted = wanted.lastKey();
    user(cluster).delete(cluster.node(0), deleted);
    cluster.run(WAIT_MILLIS);
    wanted.put(edited, "edited");
    wanted.remove(deleted);

    cluster.link(cluster.node(0), cluster.node(1)).heal();

    seesNothingOrAll(cluster, cluster.node(1), wanted);
    settle(cluster);
    assertEqualDisks(cluster);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void endsEqualWheneverThePeerIsKilled(long seed) {
    for (long millis = 0; millis < 120; millis += 1 + seed % 5) {
      SimulatedCluster cluster = cluster(seed, 2);
      user(cluster).moveIn(cluster.node(0), TOP, plugin("v1"));
      cluster.run(millis);

      cluster.node(1).kill();
      cluster.start(cluster.node(1));

      settle(cluster);
      assertEqualDisks(cluster);
      assertEquals(plugin("v1"), shown(cluster.node(1), TOP));
    }
  }

  @Test
  void stagesAnewWhatWasKilledBeforeItGotItsName() {
    SimulatedCluster cluster = cluster(5, 2);
    SimulatedNode two = cluster.node(1);
    two.stallArrivals();
    user(cluster).moveIn(cluster.node(0), TOP, plugin("v1"));
    cluster.run(WAIT_MILLIS / 2);
    assertEquals(FILES + 3, two.journal().intents().size());
    assertTrue(two.disk.find(TOP).isEmpty());

    two.kill();
    cluster.start(two);

    settle(cluster);
    assertEqualDisks(cluster);
  }

  @Test
  void knowsItsOwnWorkAfterItWasKilledWhenItHadItsName() {
    SimulatedCluster cluster = cluster(5, 2);
    SimulatedNode two = cluster.node(1);
    two.stallOutcomes();
    user(cluster).moveIn(cluster.node(0), TOP, plugin("v1"));
    cluster.run(WAIT_MILLIS / 2);
    assertEquals(FILES + 3, two.journal().intents().size());
    assertEquals(plugin("v1"), shown(two, TOP));
    long counter = two.journal().root().orElseThrow().counter();

    two.kill();
    user(cluster).write(two, TOP.child("f0"), "by a user of the peer");
    cluster.start(two);

    settle(cluster);
    assertEqualDisks(cluster);
    assertEquals(counter + 1, two.journal().root().orElseThrow().counter());
    assertEquals("by a user of the peer", shown(cluster.node(0), TOP).get(TOP.child("f0")));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3, 6, 9, 12, 15, 18, 21, 25, 30, 40, 50})
  void yieldsToADirectoryThatSomebodyMadeMeanwhile(long millis) {
    SimulatedCluster cluster = cluster(3, 2);
    user(cluster).moveIn(cluster.node(0), TOP, plugin("v1"));
    cluster.run(millis);
    SimulatedNode two = cluster.node(1);
    user(cluster).makeDirectory(two, TOP);
    user(cluster).write(two, TOP.child("mine"), "of a user of the peer");

    settle(cluster);

    assertEqualDisks(cluster);
    TreeMap<RelativePath, String> all = plugin("v1");
    all.put(TOP.child("mine"), "of a user of the peer");
    assertEquals(all, shown(two, TOP));
  }

  @Test
  void yieldsToADirectoryThatWasMadeInTheLastMoment() {
    SimulatedCluster cluster = cluster(3, 2);
    SimulatedNode two = cluster.node(1);
    user(cluster).moveIn(cluster.node(0), TOP, plugin("v1"));
    int steps = 0;
    while (two.journal().intents().size() < FILES) {
      cluster.run(1);
      steps++;
      assertTrue(steps < LIMIT_MILLIS, "nothing was ever put as a whole");
    }
    user(cluster).makeDirectory(two, TOP);
    assertTrue(shown(two, TOP).isEmpty());

    settle(cluster);

    assertEqualDisks(cluster);
    assertEquals(plugin("v1"), shown(two, TOP));
  }

  @Test
  void putsTheOthersWhenOneCannotBePut() {
    SimulatedCluster cluster = cluster(4, 2);
    SimulatedNode two = cluster.node(1);
    RelativePath refused = TOP.child("inc").child("f1");
    two.disk.refuse(refused);

    user(cluster).moveIn(cluster.node(0), TOP, plugin("v1"));
    cluster.run(WAIT_MILLIS);

    TreeSet<RelativePath> expected = new TreeSet<>(plugin("v1").keySet());
    expected.remove(refused);
    assertEquals(expected, shown(two, TOP).keySet());
    assertEquals(1, two.journal().pendingCount());
  }

  @Test
  void waitsNotForEverForWhatIsNeverClosed() {
    SimulatedCluster cluster = cluster(6, 2);
    SimulatedNode one = cluster.node(0);
    SimulatedNode two = cluster.node(1);
    user(cluster).moveIn(one, TOP, plugin("v1"));
    int steps = 0;
    while (two.journal().pendingCount() == 0) {
      cluster.run(1);
      steps++;
      assertTrue(steps < LIMIT_MILLIS);
    }
    one.kill();
    cluster.run(WAIT_MILLIS / 2);
    assertFalse(two.disk.find(TOP).isPresent());
    cluster.run(WAIT_MILLIS);
    assertTrue(two.disk.find(TOP).isPresent());

    cluster.start(one);

    settle(cluster);
    assertEqualDisks(cluster);
  }
}
