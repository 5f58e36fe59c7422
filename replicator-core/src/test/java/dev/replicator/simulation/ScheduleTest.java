package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.Bytes;
import dev.replicator.model.Change;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The schedules that break a design without one of its rules, on whole nodes. */
class ScheduleTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final long MOMENT = 300;

  /** A seed without slow operations: all arrives before a second has passed. */
  private static final long QUICK = 5;

  private static final ReplicaId WRITER = new ReplicaId(5_000);
  private SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
  private SimulatedUser user = new SimulatedUser(cluster, new Lineage());

  private SimulatedNode one() {
    return cluster.node(0);
  }

  private SimulatedNode two() {
    return cluster.node(1);
  }

  private void begin() {
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
  }

  private void settle() {
    cluster.settleAndApprove();
  }

  private void cut() {
    cluster.link(one(), two()).cut();
    cluster.run(MOMENT);
  }

  private void heal() {
    cluster.link(one(), two()).heal();
    settle();
  }

  private static String text(SimulatedNode node, RelativePath path) {
    return node.disk.find(path).map(Thing::text).orElse("nothing");
  }

  private static Record record(SimulatedNode node, RelativePath path) {
    return node.journal().record(path).orElseThrow().record();
  }

  private static List<String> contents(SimulatedNode node, RelativePath path) {
    return record(node, path).contents().elements().stream()
        .map(element -> element.value().type() + (element.adopted() ? " adopted" : ""))
        .toList();
  }

  private void conflict() {
    begin();
    cut();
    user.write(one(), F, "by one");
    cluster.run(MOMENT);
    user.write(two(), F, "by two");
    heal();
  }

  @Test
  void fileThatTwoNodesWriteAllTheTimeKeepsThemConnected() {
    conflict();
    for (int round = 0; round < 2 * Limits.SIBLINGS_MAX; round++) {
      user.write(one(), F, "by one " + round);
      user.write(two(), F, "by two " + round);
      settle();
      assertTrue(record(one(), F).contents().size() <= Limits.SIBLINGS_KEPT_MAX);
    }
    assertEquals(record(one(), F), record(two(), F));
    assertEquals(text(one(), F), text(two(), F));
    RelativePath other = RelativePath.of("other");
    user.write(one(), other, "goes on");
    settle();
    assertEquals("goes on", text(two(), other));
    long surplus =
        one().journal().history(F, 1_000).stream()
            .filter(item -> item.reason() == HistoryItem.Reason.LOST_CONFLICT)
            .count();
    assertTrue(surplus > 0, "what went is in the history");
  }

  @Test
  @DisplayName("S5")
  void impliedDirectoryGoesWithItsLastDescendant() {
    RelativePath directory = RelativePath.of("d");
    RelativePath child = directory.child("x");
    begin();
    user.makeDirectory(one(), directory);
    settle();
    cut();
    user.delete(one(), directory);
    user.write(two(), child, "kept");
    heal();
    assertEquals("kept", text(one(), child));
    user.delete(two(), child);
    settle();
    assertTrue(one().disk.things().isEmpty());
    assertTrue(two().disk.things().isEmpty());
  }

  /** Its writer saw it come and go between two looks, but for one descendant. */
  @Test
  @DisplayName("S5")
  void impliedDirectoryThatNobodyEverWroteGoesToo() {
    begin();
    RelativePath deep = RelativePath.of("never/written/x");
    told(one(), deep, new Dot(WRITER, 2), new Entry.Symlink(Bytes.copyOf(new byte[] {'t'})));
    settle();
    assertTrue(one().disk.find(deep).isPresent());
    told(one(), deep, new Dot(WRITER, 3), Entry.ABSENT);
    settle();
    assertTrue(one().disk.find(RelativePath.of("never")).isEmpty());
    assertEquals(0, one().journal().pendingCount());
  }

  private void told(SimulatedNode node, RelativePath path, Dot dot, Entry entry) {
    Element<Entry> element = Element.written(dot, entry, dot.counter(), List.of());
    Record record =
        new Record(
            VersionVector.of(dot), Siblings.of(List.of(element)), Siblings.none(), Siblings.none());
    Message told = new Message.Told(List.of(new Change(0, path, record, 0)));
    node.handle(new Event.Received(two().id, told));
  }

  @Test
  @DisplayName("S6")
  void loserOfAConflictDoesNotAppearWhenTheWinnerIsDeleted() {
    conflict();
    assertEquals("by two", text(one(), F));
    user.delete(one(), F);
    settle();
    assertEquals("nothing", text(one(), F));
    assertEquals("nothing", text(two(), F));
    assertEquals(
        List.of("FILE", "ABSENT"), contents(two(), F).stream().sorted().toList().reversed());
  }

  @Test
  @DisplayName("S7")
  void twoWhoResolveDifferentlyLoseNeither() {
    conflict();
    cut();
    for (SimulatedNode node : cluster.nodes()) {
      Element<Entry> chosen = record(node, F).contents().elements().get(node.number);
      var printed = record(node, F).contents().dots();
      node.handle(new Event.ResolveAsked(1, F, chosen.dot(), printed));
    }
    heal();
    assertEquals(text(one(), F), text(two(), F));
    assertEquals(2, record(one(), F).contents().size());
    assertTrue(record(one(), F).isConflict());
  }

  @Test
  @DisplayName("S8")
  void unnoticedRemovalDoesNotDeleteTheWriteOfAPeer() {
    begin();
    user.write(one(), F, "same");
    settle();
    Thing first = one().disk.find(F).orElseThrow();
    two().disk.remove(F);
    cut();
    user.write(one(), F, "other");
    cluster.run(MOMENT);
    one().disk.put(F, first.moved(one().nowNanos()));
    one().watched(new Event.Suspected(F, Cause.WATCH, false));
    cluster.run(MOMENT);
    heal();
    two().watched(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    settle();
    assertEquals("same", text(one(), F));
    assertEquals("same", text(two(), F));
  }

  @Test
  @DisplayName("S9")
  void whatPowerLossTookFromTheReceiverIsSentAgain() {
    begin();
    user.write(one(), F, "precious");
    cluster.run(MOMENT);
    assertTrue(two().journal().record(F).isPresent());
    FakeJournal emptied = new FakeJournal();
    two().kill();
    two().restore(emptied);
    two().reboot();
    two().disk.remove(F);
    cluster.start(two());
    settle();
    assertEquals("precious", text(two(), F));
  }

  @Test
  @DisplayName("S10")
  void oldJournalDoesNotBringBackWhatEverybodyForgot() {
    begin();
    user.write(one(), F, "deleted");
    settle();
    FakeJournal image = two().journal().image();
    Thing there = two().disk.find(F).orElseThrow();
    user.delete(one(), F);
    settle();
    assertTrue(one().journal().record(F).isEmpty(), "the deletion is forgotten");
    two().kill();
    two().restore(image);
    two().disk.put(F, there);
    cluster.start(two());
    settle();
    assertEquals("nothing", text(one(), F));
    assertEquals("nothing", text(two(), F));
  }

  @Test
  @DisplayName("S11")
  void oneBadNameIsAnExceptionAndNotAStop() {
    RelativePath bad = RelativePath.of("bad");
    cluster = new SimulatedCluster(QUICK, 2, false);
    user = new SimulatedUser(cluster, new Lineage());
    begin();
    two().disk.refuse(bad);
    user.write(one(), bad, "too long");
    cluster.run(MOMENT);
    user.write(one(), F, "flows");
    cluster.run(MOMENT);
    assertEquals("flows", text(two(), F));
    one().handle(new Event.BarrierAsked(1, F, OptionalInt.empty(), MOMENT));
    one().handle(new Event.BarrierAsked(2, bad, OptionalInt.empty(), MOMENT));
    cluster.run(2 * MOMENT);
    assertEquals(Answer.BarrierEnd.DONE, end(one(), 1));
    assertEquals(Answer.BarrierEnd.TIMED_OUT, end(one(), 2));
  }

  private static Answer.BarrierEnd end(SimulatedNode node, long request) {
    return ((Answer.Barrier) Optional.ofNullable(node.answers.get(request)).orElseThrow()).end();
  }

  @Test
  @DisplayName("S12")
  void deletionIsForgottenOnlyWhenEverybodyDurablyKnowsIt() {
    begin();
    user.write(one(), F, "old");
    settle();
    FakeJournal durable = two().journal().image();
    two().syncs().stall();
    user.delete(one(), F);
    cluster.run(20 * MOMENT);
    assertEquals("nothing", text(two(), F), "applied");
    assertTrue(one().journal().record(F).isPresent(), "but not forgotten");
    two().kill();
    two().restore(durable);
    two().disk.create(F, EntryType.FILE, "old", two().nowNanos());
    two().reboot();
    cluster.start(two());
    settle();
    assertEquals("nothing", text(one(), F));
    assertEquals("nothing", text(two(), F));
  }

  @Test
  @DisplayName("S13")
  void restoredJournalNeverUsesADotAgain() {
    begin();
    user.write(one(), F, "first");
    settle();
    FakeJournal image = one().journal().image();
    user.write(one(), RelativePath.of("g"), "dot two");
    settle();
    var before = record(two(), RelativePath.of("g")).contents().dots().first();
    one().kill();
    one().restore(image);
    cluster.start(one());
    user.write(one(), RelativePath.of("h"), "dot two again?");
    settle();
    assertEquals("dot two again?", text(two(), RelativePath.of("h")));
    assertEquals("dot two", text(one(), RelativePath.of("g")));
    var after = record(two(), RelativePath.of("h")).contents().dots().first();
    assertFalse(before.replica().equals(after.replica()));
  }

  @Test
  @DisplayName("S13")
  void restoredJournalThatStartsAloneOutranksNothingAndBringsNothingBack() {
    RelativePath deleted = RelativePath.of("deleted");
    RelativePath offline = RelativePath.of("offline");
    begin();
    user.write(one(), F, "before the backup");
    settle();
    FakeJournal image = one().journal().image();
    user.write(two(), F, "first");
    user.write(two(), deleted, "to go");
    settle();
    one().kill();
    user.write(two(), F, "second");
    user.delete(two(), deleted);
    settle();
    two().kill();

    one().restore(image);
    cluster.start(one());
    user.write(one(), offline, "written alone");
    cluster.run(60_000);
    cluster.start(two());
    settle();

    for (SimulatedNode node : List.of(one(), two())) {
      assertEquals("second", text(node, F));
      assertEquals("nothing", text(node, deleted));
      assertEquals("written alone", text(node, offline));
    }
    assertEquals(record(one(), F), record(two(), F));
  }

  @Test
  @DisplayName("S14")
  void staleTreeWithoutAJournalDoesNotOutrankCurrentFiles() {
    begin();
    user.write(one(), F, "stale");
    settle();
    cut();
    user.write(one(), F, "current");
    two().kill();
    two().restore(new FakeJournal());
    cluster.start(two());
    heal();
    assertEquals("current", text(one(), F));
    assertEquals("current", text(two(), F));
    assertFalse(record(one(), F).isConflict());
  }

  @Test
  @DisplayName("S15")
  void fileThatAPowerCutEmptiedDoesNotSupersedeTheGoodOne() {
    begin();
    user.write(one(), F, "good");
    settle();
    one().kill();
    one().reboot();
    one().disk.find(F).ifPresent(thing -> one().disk.put(F, thing.emptied()));
    cluster.run(MOMENT);
    one().reboot();
    cluster.start(one());
    settle();
    assertEquals("good", text(one(), F));
    assertEquals("good", text(two(), F));
  }

  @Test
  @DisplayName("S16")
  void applyKilledBeforeItsEndWasWrittenIsNoWrite() {
    begin();
    user.write(one(), F, "first");
    settle();
    two().stallOutcomes();
    user.write(one(), F, "second");
    cluster.run(MOMENT);
    assertEquals("second", text(two(), F));
    user.write(one(), F, "third");
    cluster.run(MOMENT);
    two().kill();
    cluster.start(two());
    settle();
    assertEquals("third", text(two(), F));
    assertEquals(1, record(one(), F).contents().size());
    assertEquals(record(one(), F).contents(), record(two(), F).contents());
  }

  @Test
  @DisplayName("S17")
  void windowFullOfWhatThePeerKnowsOpensAgain() {
    cluster = new SimulatedCluster(QUICK, 2, false);
    user = new SimulatedUser(cluster, new Lineage());
    begin();
    cut();
    for (int number = 0; number <= Limits.WINDOW_CHANGES_MAX + 1; number++) {
      two().disk.create(RelativePath.of("n" + number), EntryType.FILE, "", two().nowNanos());
    }
    two().watched(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    settle();
    heal();
    user.write(one(), F, "back");
    settle();
    assertEquals("back", text(two(), F));
  }

  @Test
  @DisplayName("S18")
  void manyDeletionsGoOnWhenEventsExplainThemAndWaitWhenNoneDo() {
    begin();
    for (int number = 0; number < 250; number++) {
      user.write(one(), RelativePath.of("x" + number), "x");
      user.write(one(), RelativePath.of("y" + number), "y");
    }
    settle();
    for (int number = 0; number < 250; number++) {
      user.delete(one(), RelativePath.of("x" + number));
    }
    cluster.settle(5_000, 60_000);
    assertEquals(0, one().replica().heldDeletions());
    assertEquals(250, two().disk.things().size());
    for (int number = 0; number < 249; number++) {
      one().disk.remove(RelativePath.of("y" + number));
    }
    one().watched(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    cluster.settle(5_000, 60_000);
    assertEquals(249, one().replica().heldDeletions());
    assertEquals(250, two().disk.things().size());
  }

  @Test
  void zooOfNodesKeepsAWriteOfEachWhenThreeWriteAtOnce() {
    cluster = new SimulatedCluster(8, 3, false);
    user = new SimulatedUser(cluster, new Lineage());
    begin();
    cluster.links().forEach(SimulatedLink::cut);
    cluster.nodes().forEach(node -> user.write(node, F, "by " + node));
    cluster.links().forEach(SimulatedLink::heal);
    settle();
    assertEquals(3, record(one(), F).contents().size());
    assertEquals(text(one(), F), text(cluster.node(2), F));
  }
}
