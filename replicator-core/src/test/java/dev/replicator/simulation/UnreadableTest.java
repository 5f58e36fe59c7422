package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.EntryType;
import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import org.junit.jupiter.api.Test;

/** A first scan that could not read everything. */
class UnreadableTest {
  private static final RelativePath D = RelativePath.of("d");
  private static final RelativePath F = RelativePath.of("d/f");
  private static final RelativePath G = RelativePath.of("g");
  private static final long STOP = 99;
  private static final long STOP_MILLIS = 5_000;

  private final SimulatedCluster cluster = new SimulatedCluster(5, 2, false);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  private final SimulatedNode one = cluster.node(0);
  private final SimulatedNode two = cluster.node(1);

  private static String text(SimulatedNode node, RelativePath path) {
    return node.disk.find(path).map(Thing::text).orElse("nothing");
  }

  private boolean isConflict(RelativePath path) {
    return one.journal().record(path).orElseThrow().record().isConflict(Thing.file("current"));
  }

  /** Two lost its journal, and its tree is stale; of that it cannot read the directory. */
  private void startStaleAndUnreadable() {
    cluster.nodes().forEach(cluster::start);
    user.makeDirectory(one, D);
    user.write(one, F, "stale");
    cluster.settleAndApprove();
    cluster.link(one, two).cut();
    user.write(one, F, "current");
    cluster.run(STOP_MILLIS);
    two.kill();
    two.restore(new FakeJournal());
    two.disk.unreadable().add(D);
    cluster.start(two);
    cluster.settleAndApprove();
    assertTrue(two.journal().root().orElseThrow().scanned());
  }

  private void readAtLast() {
    two.disk.unreadable().clear();
    two.handle(new Event.ScopeSuspected(D, Cause.SCAN));
    cluster.settleAndApprove();
    assertTrue(two.journal().root().orElseThrow().unread().isEmpty());
    cluster.link(one, two).heal();
    cluster.settleAndApprove();
  }

  @Test
  void staleFilesOfADirectoryThatIsReadLaterDoNotOutrankCurrentOnes() {
    startStaleAndUnreadable();
    readAtLast();
    assertEquals("current", text(one, F));
    assertEquals("current", text(two, F));
    assertFalse(isConflict(F));
  }

  @Test
  void directoryThatWasNotReadIsStillAdoptedAfterARestart() {
    startStaleAndUnreadable();
    two.handle(new Event.StopAsked(STOP));
    cluster.run(STOP_MILLIS);
    two.kill();
    cluster.start(two);
    readAtLast();
    assertEquals("current", text(one, F));
    assertEquals("current", text(two, F));
  }

  @Test
  void otherPathsGoOn() {
    startStaleAndUnreadable();
    user.write(two, G, "meanwhile");
    cluster.settleAndApprove();
    readAtLast();
    assertEquals("meanwhile", text(one, G));
    user.write(two, F, "written");
    cluster.settleAndApprove();
    assertEquals("written", text(one, F));
  }

  @Test
  void moreUnreadableDirectoriesThanAreRememberedLeaveTheWholeRootToBeAdopted() {
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
    two.kill();
    two.restore(new FakeJournal());
    for (int number = 0; number <= Limits.UNREAD_SCOPES_MAX; number++) {
      RelativePath directory = RelativePath.of("u" + number);
      two.disk.create(directory, EntryType.DIRECTORY, "", two.nowNanos());
      two.disk.unreadable().add(directory);
    }
    cluster.start(two);
    cluster.settleAndApprove();
    assertEquals(RelativePath.ROOT, two.journal().root().orElseThrow().unread().first());
    two.disk.unreadable().clear();
    two.handle(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    cluster.settleAndApprove();
    assertTrue(two.journal().root().orElseThrow().unread().isEmpty());
  }
}
