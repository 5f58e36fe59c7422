package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file with several names changes under all of them, and one alone is told. */
class HardLinksTest {
  private static final long QUIET_MILLIS = 10_000;
  private static final long LIMIT_MILLIS = 300_000;
  private static final int WRITES = 10_000;
  private static final long SCAN_MILLIS_MAX = 61_000;
  private static final RelativePath A = RelativePath.of("a");
  private static final RelativePath B = RelativePath.of("b");
  private static final RelativePath C = RelativePath.of("c");

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
    user.write(one(), A, "old");
    settle();
    user.hardLink(one(), A, B);
    settle();
  }

  private void assertShown(RelativePath path, String text) {
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(
          text, node.disk.find(path).map(Thing::text).orElse("nothing"), node + " " + path);
    }
  }

  @Test
  void showsAWriteThroughOneNameUnderAll() {
    begin();
    user.hardLink(one(), B, C);
    settle();

    user.writeInPlace(one(), B, "new");
    settle();

    assertShown(A, "new");
    assertShown(B, "new");
    assertShown(C, "new");
  }

  @Test
  void showsAModeThatWasSetThroughOneNameUnderAll() {
    begin();

    user.changeMode(one(), A, 0600);
    settle();

    assertEquals(0600, two().disk.find(A).orElseThrow().metadata().mode());
    assertEquals(0600, two().disk.find(B).orElseThrow().metadata().mode());
  }

  @Test
  void showsAWriteThroughANameThatIsReplacedBeforeItIsLookedAt() {
    begin();
    user.write(one(), C, "other");
    settle();

    user.writeInPlace(one(), A, "new");
    user.rename(one(), C, A);
    settle();

    assertShown(A, "other");
    assertShown(B, "new");
  }

  @Test
  void showsAWriteThroughANameThatIsRemovedBeforeItIsLookedAt() {
    begin();

    user.writeInPlace(one(), A, "new");
    user.delete(one(), A);
    settle();

    assertShown(A, "nothing");
    assertShown(B, "new");
  }

  @Test
  void showsAWriteThroughANameThatWasMovedBeforeItWasEverLookedAt() {
    begin();

    RelativePath moved = RelativePath.of("moved");
    user.hardLink(one(), A, C);
    user.writeInPlace(one(), C, "new");
    user.rename(one(), C, moved);
    settle();

    assertShown(A, "new");
    assertShown(B, "new");
    assertShown(moved, "new");
  }

  @Test
  void leavesTheOtherNameAloneWhereAPeerReplacesOne() {
    begin();

    user.write(two(), A, "of two");
    settle();

    assertShown(A, "of two");
    assertShown(B, "old");
    assertEquals(0, one().journal().census().linked());
  }

  @Test
  void keepsFollowingTheNamesThatAreLeft() {
    begin();
    user.hardLink(one(), A, C);
    settle();
    user.write(two(), A, "of two");
    settle();

    user.writeInPlace(one(), C, "new");
    settle();

    assertShown(A, "of two");
    assertShown(B, "new");
    assertShown(C, "new");
  }

  /** The exchange of one name comes between the write and the look at it, in some of these. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void showsAWriteThroughANameThatAPeerReplacesMeanwhile(long seed) {
    cluster = new SimulatedCluster(seed, 2, false);
    user = new SimulatedUser(cluster, new Lineage());
    begin();

    user.write(two(), A, "of two");
    cluster.run(seed);
    user.writeInPlace(one(), one().disk.names(one().disk.find(B).orElseThrow()).getFirst(), "new");
    settle();

    assertShown(B, "new");
  }

  /**
   * A file is moved and linked back while a peer's version of its first name is being staged, and
   * the look at the second is over when somebody writes through the first: what the exchange takes
   * from there has another name.
   */
  @Test
  void showsAWriteUnderTheNameThatAReplacedFileWasMovedToAndLinkedFrom() {
    long linked = LongStream.range(0, 100).filter(this::showsAWriteUnderItsNewName).count();
    assertTrue(linked > 10, () -> linked + " times both were names of one file");
  }

  /** Tells whether what was written to had both names then. */
  private boolean showsAWriteUnderItsNewName(long seed) {
    cluster = new SimulatedCluster(seed, 2, false);
    user = new SimulatedUser(cluster, new Lineage());
    cluster.nodes().forEach(cluster::start);
    user.write(one(), A, "old");
    settle();

    user.write(two(), A, "of two");
    cluster.run(40);
    user.rename(one(), A, B);
    cluster.run(30);
    user.hardLink(one(), B, A);
    cluster.run(25);
    boolean linked = one().disk.names(one().disk.find(B).orElseThrow()).contains(A);
    user.writeInPlace(one(), A, "new");
    settle();

    assertShown(B, linked ? "new" : "old");
    return linked;
  }

  @Test
  void findsTheManyNamesOfAFileByScans() {
    begin();
    for (int number = 0; number <= Limits.FILE_NAMES_MAX; number++) {
      user.hardLink(one(), A, RelativePath.of("n" + number));
    }
    settle();

    user.writeInPlace(one(), B, "new");
    settle();
    user.writeInPlace(one(), A, "newer");
    cluster.run(SCAN_MILLIS_MAX);
    settle();

    assertShown(A, "newer");
    assertShown(B, "newer");
    assertShown(RelativePath.of("n" + Limits.FILE_NAMES_MAX), "newer");
    assertTrue(one().alarms.stream().anyMatch(text -> text.contains("names here")));
  }

  /** Each look finds another stamp: without a pause the two names would be read all the time. */
  @Test
  void followsNobodyWhoWritesAllTheTimeFasterThanOnceASecond() {
    begin();
    long before = cluster.steps();
    user.writeInPlace(one(), A, "begun");
    for (int round = 0; round < WRITES; round++) {
      Thing file = one().disk.find(A).orElseThrow();
      one().disk.change(A, file.withText("line " + round, one().nowNanos()));
      cluster.run(1);
    }
    assertTrue(cluster.steps() - before <= WRITES / 4, () -> cluster.steps() - before + " steps");
    user.writeInPlace(one(), A, "closed");
    settle();

    assertShown(B, "closed");
  }
}
