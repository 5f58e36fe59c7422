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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk returns other bytes than were put on it, and no stamp tells. */
class DamagesTest {
  private static final long QUIET_MILLIS = 35_000;
  private static final long LIMIT_MILLIS = 300_000;
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
}
