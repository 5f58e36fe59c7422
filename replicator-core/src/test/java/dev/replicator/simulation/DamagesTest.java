package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Event;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk returns other bytes than were put on it, and no stamp tells. */
class DamagesTest {
  private static final long QUIET_MILLIS = 35_000;
  private static final long LIMIT_MILLIS = 300_000;
  private static final Pattern ROTTEN_IN_PLACE = Pattern.compile("(?m)^(\\S+) = rot \\1 ");
  private static final int SEEDS = 100;
  private static final int STEPS = 40;
  private static final long PAUSE_MILLIS_MAX = 1_500;
  private static final RelativePath A = RelativePath.of("a");
  private static final RelativePath B = RelativePath.of("b");
  private static final String GOOD = "photo";
  private static final String ROTTEN = "phOto";

  private SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
  private SimulatedUser user = new SimulatedUser(cluster, new Lineage());

  private SimulatedNode one() {
    return cluster.node(0);
  }

  private SimulatedNode two() {
    return cluster.node(1);
  }

  private void settle() {
    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));
  }

  private void begin() {
    cluster.nodes().forEach(cluster::start);
    user.write(one(), A, GOOD);
    settle();
  }

  private static void rot(SimulatedNode node, RelativePath path, String text) {
    Thing there = node.disk.find(path).orElseThrow();
    Thing rotten =
        new Thing(
            there.inode(),
            there.type(),
            text,
            there.mtimeNanos(),
            there.ctimeNanos(),
            there.metadata(),
            there.links());
    node.disk.change(path, rotten);
  }

  /** What reading all again would tell. */
  private static void tell(SimulatedNode node, RelativePath path) {
    Materialised believed = node.journal().materialised(path).orElseThrow();
    Entry actual = node.disk.find(path).orElseThrow().entry();
    node.handle(new Event.Damaged(path, believed, actual));
  }

  private void assertShown(RelativePath path, String text) {
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(
          text, node.disk.find(path).map(Thing::text).orElse("nothing"), node + " " + path);
    }
  }

  private void assertNothingHidden() {
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(0, node.replica().conflicts().size(), node + "");
      assertEquals(0, node.replica().adoptedLosers().size(), node + "");
      assertEquals(0, node.journal().pendingCount(), node + "");
    }
  }

  @Test
  void isMendedFromThePeerAndNoWriteOfAnybodys() {
    begin();
    var record = two().journal().record(A);
    rot(one(), A, ROTTEN);

    tell(one(), A);
    settle();

    assertShown(A, GOOD);
    assertNothingHidden();
    assertEquals(record, two().journal().record(A));
    assertEquals(0, one().journal().history(A, 10).size());
  }

  @Test
  void isKeptInTheVaultByWhatItIs() {
    begin();
    rot(one(), A, ROTTEN);

    tell(one(), A);
    settle();

    assertTrue(isKept(one(), ROTTEN));
    assertFalse(isKept(one(), GOOD));
  }

  /**
   * 14320226: another version came to show before the good one of what lay damaged was had again.
   */
  @Test
  void goodVersionIsFetchedWhereAnotherCameToShow() {
    cluster = new SimulatedCluster(7, 3, false);
    user = new SimulatedUser(cluster, new Lineage());
    begin();
    SimulatedNode three = cluster.node(2);
    List.of(one(), three).forEach(node -> cluster.link(two(), node).cut());
    user.write(one(), A, "first");
    settle();
    user.write(two(), A, "second");
    cluster.link(one(), three).cut();
    rot(one(), A, "fIrst");
    tell(one(), A);
    cluster.link(one(), two()).heal();
    settle();
    assertEquals("second", one().disk.at(A).text());

    cluster.link(one(), three).heal();
    settle();

    assertTrue(isKept(one(), "first"));
    assertEquals(0, one().journal().pendingCount());
  }

  private static boolean isKept(SimulatedNode node, String text) {
    return node.disk.isKept(Thing.digest(text));
  }

  private void assertKeptEverywhere(String text) {
    cluster.nodes().forEach(node -> assertTrue(isKept(node, text), node + ""));
  }

  @Test
  void waitsWhileNobodyHasTheContentAndIsMendedOnceSomebodyHas() {
    begin();
    cluster.link(one(), two()).cut();
    rot(one(), A, ROTTEN);

    tell(one(), A);
    cluster.run(QUIET_MILLIS);

    assertEquals(
        Problem.Kind.CONTENT_MISSING, one().journal().pending(A).orElseThrow().problem().kind());
    assertEquals(ROTTEN, one().disk.find(A).orElseThrow().text());
    cluster.link(one(), two()).heal();
    settle();
    assertShown(A, GOOD);
    assertNothingHidden();
  }

  @Test
  void isMendedFromTheVaultWithoutAPeer() {
    cluster.start(one());
    user.write(one(), A, GOOD);
    cluster.run(QUIET_MILLIS);
    one().disk.keep(GOOD);
    rot(one(), A, ROTTEN);

    tell(one(), A);
    cluster.run(QUIET_MILLIS);

    assertEquals(GOOD, one().disk.find(A).orElseThrow().text());
  }

  @Test
  void isMendedUnderAllItsNames() {
    begin();
    user.hardLink(one(), A, B);
    settle();
    rot(one(), A, ROTTEN);

    tell(one(), A);
    settle();

    assertShown(A, GOOD);
    assertShown(B, GOOD);
    assertNothingHidden();
  }

  @Test
  void isNoWriteWhenSomebodyChangesItsModeBeforeItIsMended() {
    begin();
    cluster.link(one(), two()).cut();
    rot(one(), A, ROTTEN);
    tell(one(), A);
    cluster.run(QUIET_MILLIS);

    user.changeMode(one(), A, 0600);
    cluster.run(QUIET_MILLIS);
    cluster.link(one(), two()).heal();
    settle();

    assertShown(A, GOOD);
    assertEquals(0600, two().disk.find(A).orElseThrow().metadata().mode());
    assertNothingHidden();
  }

  /**
   * He may have appended to what was damaged: nobody can tell, so the good copy stays beside it.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void losesToWhoWritesMeanwhileAndTheGoodCopyIsKept(long seed) {
    cluster = new SimulatedCluster(seed, 2, false);
    user = new SimulatedUser(cluster, new Lineage());
    begin();
    rot(one(), A, ROTTEN);

    tell(one(), A);
    user.writeInPlace(one(), A, "edited");
    settle();

    assertShown(A, "edited");
    assertKeptEverywhere(GOOD);
  }

  @Test
  void doesNotComeBackWhenSomebodyDeletesIt() {
    begin();
    cluster.link(one(), two()).cut();
    rot(one(), A, ROTTEN);
    tell(one(), A);
    cluster.run(QUIET_MILLIS);

    user.delete(one(), A);
    cluster.run(QUIET_MILLIS);
    cluster.link(one(), two()).heal();
    settle();

    assertShown(A, "nothing");
    assertKeptEverywhere(GOOD);
  }

  @Test
  void joinsWhatSomebodyPutsBackFromABackup() {
    begin();
    cluster.link(one(), two()).cut();
    rot(one(), A, ROTTEN);
    tell(one(), A);
    cluster.run(QUIET_MILLIS);

    user.writeInPlace(one(), A, GOOD);
    cluster.run(QUIET_MILLIS);
    cluster.link(one(), two()).heal();
    settle();

    assertShown(A, GOOD);
    assertNothingHidden();
  }

  @Test
  void staysKnownOverAPowerCut() {
    begin();
    cluster.link(one(), two()).cut();
    rot(one(), A, ROTTEN);
    tell(one(), A);
    cluster.run(QUIET_MILLIS);

    one().cutPower();
    cluster.link(one(), two()).heal();
    cluster.start(one());
    cluster.settleAndApprove();

    assertShown(A, GOOD);
    assertNothingHidden();
  }

  @Test
  void isLeftAloneWhenTheFileIsAnotherByNow() {
    begin();
    Materialised believed = one().journal().materialised(A).orElseThrow();
    user.writeInPlace(one(), A, "new");
    settle();

    one().handle(new Event.Damaged(A, believed, Thing.file(ROTTEN)));
    settle();

    assertShown(A, "new");
    assertNothingHidden();
  }

  @Test
  void isMendedWhereALinkPointsElsewhere() {
    cluster.nodes().forEach(cluster::start);
    user.link(one(), A, "target");
    settle();
    rot(one(), A, "tarGet");

    tell(one(), A);
    settle();

    assertEquals(EntryType.SYMLINK, one().disk.find(A).orElseThrow().type());
    assertShown(A, "target");
    assertNothingHidden();
  }

  /**
   * Users do what they do, on any node, while files rot that the others have, too. Who links or
   * moves such a file before it is mended makes a new one of what is in it.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void isShownByNobodyWhateverUsersDo(int nodes) {
    int rotted = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      cluster = new SimulatedCluster(seed, nodes, false);
      user = new SimulatedUser(cluster, new Lineage());
      cluster.nodes().forEach(cluster::start);
      for (int step = 0; step < STEPS; step++) {
        SimulatedNode node = cluster.node(cluster.random().nextInt(nodes));
        user.act(node);
        cluster.run(cluster.random().nextLong(PAUSE_MILLIS_MAX));
        rotted += rotSomewhere(node, seed + "." + step);
      }
      cluster.settleAndApprove();
      for (SimulatedNode node : cluster.nodes()) {
        String shown = texts(node);
        assertFalse(ROTTEN_IN_PLACE.matcher(shown).find(), "seed " + seed + " " + shown);
        assertEquals(texts(one()), shown, "seed " + seed + " " + node);
      }
    }
    assertTrue(rotted > SEEDS, "only " + rotted + " files rotted");
  }

  private static String texts(SimulatedNode node) {
    StringBuilder shown = new StringBuilder();
    node.disk
        .things()
        .forEach(
            (path, thing) -> shown.append(path).append(" = ").append(thing.text()).append('\n'));
    return shown.toString();
  }

  /** A file that all nodes show and that nobody has touched since; tells how many. */
  private int rotSomewhere(SimulatedNode node, String name) {
    RelativePath path = user.anyPath();
    Optional<Thing> there = node.disk.find(path).filter(DamagesTest::isFile);
    Optional<Materialised> believed = node.journal().materialised(path);
    if (there.isEmpty() || believed.isEmpty() || !there.get().holds(believed.get())) {
      return 0;
    }
    String good = there.get().text();
    boolean everywhere =
        cluster.nodes().stream()
            .allMatch(each -> each.disk.find(path).map(Thing::text).equals(Optional.of(good)));
    long known =
        node.disk.names(there.get()).stream()
            .filter(each -> node.journal().materialised(each).isPresent())
            .count();
    if (!everywhere || known < there.get().links()) {
      return 0;
    }
    rot(node, path, "rot " + path + " " + name);
    tell(node, path);
    Entry entry = node.journal().materialised(path).orElseThrow().entry();
    if (!entry.equals(node.disk.find(path).orElseThrow().entry())) {
      // It is being handled: what reads all again would come back later.
      rot(node, path, good);
      return 0;
    }
    return 1;
  }

  private static boolean isFile(Thing thing) {
    return thing.type() == EntryType.FILE;
  }
}
