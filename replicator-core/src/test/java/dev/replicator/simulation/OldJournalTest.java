package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a journal from a backup makes of what it cannot know. */
class OldJournalTest extends BackupScenario {
  /** That the root is empty holds back what was found, and is no reason to believe the index. */
  @Test
  void whatIsWrittenWhereTheFirstScanFoundNothingHidesOnly() {
    begin();
    cluster.link(one(), two()).cut();
    write(one(), F, "of one");
    user.write(two(), F, "of two");
    settle();
    backUp();
    cluster.link(one(), two()).heal();
    settle();
    user.delete(one(), F);
    settle();
    restore();
    startAlone();
    assertEquals(1, one().replica().heldDeletions());
    user.write(one(), F, "over nothing");
    cluster.run(ALONE);
    othersCome();
    assertTrue(record(two(), F).contents().dotsWhere(Thing.file("of one")::equals).size() > 0);
  }

  /**
   * What one found in doubt was contradicted, and taken back by a life that its next old journal
   * does not know. Two remembers that life alone, and can contradict none before it.
   */
  @Test
  void whatWasInDoubtInAnOldJournalSupersedesNothing() {
    begin();
    cluster.link(one(), two()).cut();
    write(one(), F, "of one");
    user.write(two(), F, "of two");
    settle();
    backUp();
    cluster.link(one(), two()).heal();
    settle();
    assertEverywhere("of two", F);
    restore();
    startAlone();
    backUp();
    othersCome();
    restore();
    startAlone();
    othersCome();
    assertEverywhere("of two", F);
    assertTrue(record(two(), F).contents().dotsWhere(Thing.file("of one")::equals).size() > 0);
  }

  /**
   * Two met what one is with its old journal, and remembers that alone by now; what it remembered
   * before was on its way when the session ended.
   */
  @Test
  void whatAPeerCouldHaveContradictedSupersedesNothing() {
    begin();
    cluster.link(one(), two()).cut();
    write(one(), F, "of one");
    user.write(two(), F, "of two");
    settle();
    backUp();
    cluster.link(one(), two()).heal();
    settle();
    restore();
    startAlone();
    cluster.link(one(), two()).cut();
    cluster.start(two());
    cluster.run(ALONE);
    user.writeInPlace(two(), F, "later of two");
    cluster.run(ALONE);
    JournalId met = identity(one()).journal();
    cluster.link(one(), two()).heal();
    cluster.link(one(), two()).slow(one(), MOMENT);
    runUntil(() ->
        two().journal().peers().values().stream()
            .anyMatch(known -> known.theirs().journal().equals(met)));
    assertEquals(met, identity(one()).journal(), "one has not heard of it");
    cluster.link(one(), two()).cut();
    settle();
    cluster.link(one(), two()).heal();
    settle();
    assertEverywhere("later of two", F);
    assertTrue(record(two(), F).contents().dotsWhere(Thing.file("of one")::equals).size() > 0);
  }

  /** Nobody remembers what was synced: to all it looks like what the power cuts off. */
  @Test
  void whatEverybodyForgotStaysForgottenWhenTheJournalStartsAfterACrash() {
    begin();
    FakeJournal first = one().journal().image();
    write(two(), F, "text");
    journal = two().journal().image();
    user.delete(two(), F);
    settle();
    assertTrue(one().journal().record(F).isEmpty(), "the deletion is forgotten");
    one().kill();
    one().restore(first);
    cluster.start(one());
    Dot deletion = new Dot(identity(two()).replica(), 2);
    while (!one().journal().root().orElseThrow().clock().covers(deletion)) {
      cluster.run(1);
    }
    two().kill();
    two().restore(journal);
    two().reboot();
    othersCome();
    assertEverywhere("nothing", F);
  }

  /**
   * Two alone remembers what four told one at last, and comes after three: by then the number of
   * that in one's journal stands for what three told.
   */
  @Test
  void oldJournalIsKnownByWhatItsNumbersStoodFor() {
    nodes(4);
    begin();
    write(one(), F, "text");
    SimulatedNode four = cluster.node(3);
    cluster.links().forEach(SimulatedLink::cut);
    cluster.link(one(), two()).heal();
    cluster.link(one(), four).heal();
    settle();
    journal = one().journal().image();
    long next = journal.root().orElseThrow().nextNumber();
    user.write(four, G, "of four");
    runUntil(() -> heldByTwo() >= next);
    one().kill();
    four.kill();
    cluster.link(one(), two()).cut();
    user.write(three(), F, "of three");
    cluster.run(MOMENT);
    one().restore(journal.image());
    cluster.link(one(), three()).heal();
    startAlone();
    assertEquals("of three", text(one(), F));
    cluster.link(one(), two()).heal();
    cluster.run(ALONE);
    assertTrue(
        one().alarms.stream().anyMatch(alarm -> alarm.contains("the journal is older")),
        one().alarms::toString);
  }

  /**
   * One was killed by a crash of the machine for all that its old journal tells. Two remembers more
   * of it, as after every crash: what one had put last is forgotten, and somebody deletes that.
   */
  @Test
  void whatAPowerCutMayHaveReplacedIsNotDeletedWithWhatStandsThere() {
    begin();
    cluster.link(one(), two()).cut();
    user.write(one(), F, "of one");
    settle();
    write(one(), G, "later, so that all before it is known to be synced");
    user.write(two(), F, "of two");
    settle();
    journal = one().journal().image();
    long known = journal.root().orElseThrow().nextNumber();
    cluster.link(one(), two()).heal();
    runUntil(() -> text(one(), F).equals("of two") && heldByTwo() >= known);
    cluster.link(one(), two()).cut();
    one().kill();
    one().restore(journal.image());
    one().reboot();
    cluster.start(one());
    user.delete(one(), F);
    one().handle(new Event.Suspected(F, Cause.WATCH, false));
    cluster.run(ALONE);
    assertEquals("nothing", text(one(), F));
    cluster.link(one(), two()).heal();
    settle();
    assertTrue(record(two(), F).contents().dotsWhere(Thing.file("of one")::equals).size() > 0);
  }

  /** Both times were known here; a time that shows was put, or a file system cannot keep it. */
  @Test
  void timeThatShowsAgainIsPut() {
    nodes(3);
    begin();
    write(three(), F, "text");
    backUp();
    cluster.link(one(), two()).cut();
    cluster.link(two(), three()).cut();
    user.write(two(), F, "by two");
    write(one(), G, "told to three alone");
    restore();
    user.touch(one(), F);
    startAlone();
    cluster.link(one(), two()).heal();
    cluster.start(two());
    cluster.run(ALONE);
    assertEquals("by two", text(one(), F));
    Instant touched = mtime(one());
    cluster.link(two(), three()).heal();
    othersCome();
    assertNotEquals(touched, mtime(two()));
    assertEquals(mtime(two()), mtime(one()));
  }

  private static Instant mtime(SimulatedNode node) {
    return node.disk.find(F).orElseThrow().target().mtime();
  }

  /**
   * Two remembers the deletion and three has forgotten it. Each hears of what one found before they
   * hear of each other, and their clocks cover it.
   */
  @Test
  void whatIsAdoptedWhereSomeForgotADeletionIsTheSameEverywhere() {
    nodes(3);
    begin();
    FakeJournal first = one().journal().image();
    write(two(), F, "text");
    Thing there = one().disk.find(F).orElseThrow();
    user.delete(two(), F);
    runUntil(() -> holds(one(), element -> !element.value().isPresent()));
    cluster.link(one(), two()).cut();
    settle();
    assertTrue(two().journal().record(F).isPresent(), "two remembers the deletion");
    assertTrue(three().journal().record(F).isEmpty(), "three has forgotten it");
    cluster.link(one(), three()).cut();
    cluster.link(two(), three()).cut();

    one().kill();
    one().restore(first);
    one().disk.put(F, there);
    cluster.start(one());
    meet(two());
    meet(three());
    one().kill();
    cluster.link(two(), three()).heal();
    settle();
    assertEquals(record(three(), F), record(two(), F));
  }

  @Test
  void thatAllIsComparedWithAPeerIsToldUntilItWas() {
    begin();
    backUp();
    write(two(), F, "text");
    assertFalse(isComparing());

    restore();
    cluster.nodes().forEach(cluster::start);
    runUntil(this::isComparing);
    settle();
    assertFalse(isComparing());
  }

  private boolean isComparing() {
    return two().replica().peer(one().id, two().steadyMillis()).comparing();
  }

  /** Until the node has what one found, and before one hears what becomes of it. */
  private void meet(SimulatedNode node) {
    cluster.link(one(), node).heal();
    cluster.link(one(), node).slow(one(), MOMENT);
    runUntil(() -> holds(node, Element::adopted));
    cluster.link(one(), node).cut();
  }

  /** The number up to which two has one's journal. */
  private long heldByTwo() {
    return Optional.ofNullable(two().journal().peers().get(one().id))
        .map(progress -> progress.theirs().number())
        .orElse(0L);
  }

  private void runUntil(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      cluster.run(1);
    }
  }

  private static boolean holds(SimulatedNode node, Predicate<Element<Entry>> which) {
    return node.journal().record(F).stream()
        .flatMap(stored -> stored.record().contents().elements().stream())
        .anyMatch(which);
  }
}
