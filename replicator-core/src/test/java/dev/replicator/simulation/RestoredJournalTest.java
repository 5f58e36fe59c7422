package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A journal from a backup that starts while nobody can be asked: once somebody comes who remembers
 * more, what it made of its disk outranks nothing, deletes nothing and brings nothing back.
 */
@DisplayName("S13")
class RestoredJournalTest extends BackupScenario {
  @Test
  void deletionThatEverybodyForgotStays() {
    begin();
    write(two(), F, "by two");
    write(one(), G, "by one");
    backUp();
    user.delete(two(), F);
    user.delete(two(), G);
    settle();
    assertTrue(two().journal().record(F).isEmpty(), "the deletion is forgotten");
    restore();
    startAlone();
    othersCome();
    assertEverywhere("nothing", F);
    assertEverywhere("nothing", G);
  }

  @Test
  void deletionThatEverybodyForgotStaysWithTheTreeRestoredToo() {
    begin();
    write(two(), F, "by two");
    write(one(), G, "by one");
    backUp();
    user.delete(two(), F);
    user.delete(two(), G);
    settle();
    restore();
    restoreTree();
    startAlone();
    othersCome();
    assertEverywhere("nothing", F);
    assertEverywhere("nothing", G);
  }

  @Test
  void editsMeanwhileAreNotOutranked() {
    begin();
    write(two(), F, "before");
    backUp();
    write(two(), F, "seen by one");
    two().kill();
    one().kill();
    two().disk.create(F, EntryType.FILE, "last", two().nowNanos());
    restore();
    startAlone();
    othersCome();
    assertEverywhere("last", F);
    assertFalse(record(one(), F).isConflict());
  }

  /** Peers hold no more of its journal than the backup has: only what it acknowledged tells. */
  @Test
  void acknowledgementsAloneTell() {
    begin();
    write(two(), F, "before");
    backUp();
    user.write(two(), G, "told of at once");
    cluster.run(MOMENT);
    journal = one().journal().image();
    user.write(two(), F, "seen by one");
    cluster.run(MOMENT);
    assertEquals("seen by one", text(one(), F));
    one().kill();
    write(two(), F, "last");
    two().kill();
    one().restore(journal.image());
    startAlone();
    othersCome();
    assertEverywhere("last", F);
    assertFalse(record(one(), F).isConflict());
  }

  /** What peers remember is of a journal that was born after the backup. */
  @Test
  void laterJournalThatTheBackupDoesNotKnowTells() {
    begin();
    write(two(), F, "before");
    backUp();
    one().kill();
    one().reboot();
    cluster.start(one());
    settle();
    write(two(), F, "seen by one");
    two().kill();
    one().kill();
    two().disk.create(F, EntryType.FILE, "last", two().nowNanos());
    restore();
    startAlone();
    othersCome();
    assertEverywhere("last", F);
    assertFalse(record(one(), F).isConflict());
  }

  @Test
  void laterJournalTellsWhenItsPeerIsThereFromTheStart() {
    begin();
    write(two(), F, "by two");
    backUp();
    one().kill();
    one().reboot();
    cluster.start(one());
    settle();
    user.delete(two(), F);
    settle();
    restore();
    restoreTree();
    cluster.start(two());
    cluster.start(one());
    settle();
    assertEverywhere("nothing", F);
  }

  /** What was doubted once and proven since is no reason to doubt nothing the next time. */
  @Test
  void secondOldJournalOutranksNothingEither() {
    begin();
    write(two(), F, "first");
    write(two(), G, "first");
    backUp();
    restore();
    one().disk.create(F, EntryType.FILE, "written alone", one().nowNanos());
    one().disk.create(G, EntryType.FILE, "written alone", one().nowNanos());
    startAlone();
    othersCome();
    assertEverywhere("written alone", F);
    backUp();
    write(one(), RelativePath.of("elsewhere"), "later");
    restore();
    one().disk.create(F, EntryType.FILE, "of an older tree", one().nowNanos());
    one().disk.remove(G);
    startAlone();
    othersCome();
    assertEverywhere("written alone", F);
    assertEverywhere("written alone", G);
  }

  /** The third was away since before the backup and cannot know that the journal is old. */
  @Test
  void onlyAPeerThatKnowsNoMoreComesFirst() {
    nodes(3);
    begin();
    write(two(), F, "before");
    write(two(), G, "to go");
    stop(three());
    backUp();
    write(two(), F, "seen by one");
    user.delete(two(), G);
    settle();
    one().kill();
    write(two(), F, "last");
    restore();
    restoreTree();
    startAlone();
    cluster.start(three());
    settle();
    othersCome();
    assertEverywhere("last", F);
    assertEverywhere("nothing", G);
    assertFalse(record(one(), F).isConflict());
  }

  @Test
  void onePeerOfTwoIsEnoughToTell() {
    nodes(3);
    begin();
    write(two(), F, "before");
    write(two(), G, "to go");
    backUp();
    write(two(), F, "seen by one");
    user.delete(two(), G);
    settle();
    one().kill();
    write(two(), F, "last");
    restore();
    restoreTree();
    startAlone();
    cluster.start(three());
    settle();
    assertEquals("last", text(one(), F));
    assertEquals("nothing", text(one(), G));
    othersCome();
    assertEverywhere("last", F);
    assertEverywhere("nothing", G);
  }

  /** The peer that knows more cannot be reached; another one brings what it wrote. */
  @Test
  void whatARelayBringsIsEnoughToTell() {
    nodes(3);
    begin();
    backUp();
    cluster.link(one(), two()).cut();
    write(one(), F, "by one");
    stop(one());
    write(three(), F, "by three");
    stop(three());
    two().kill();
    two().restore(new FakeJournal());
    two().disk.remove(F);
    cluster.link(one(), two()).heal();
    cluster.link(one(), three()).cut();
    one().restore(journal.image());
    startAlone();
    assertEquals("by one", text(one(), F));
    cluster.start(two());
    cluster.run(ALONE);
    cluster.start(three());
    settle();
    assertEverywhere("by three", F);
    assertFalse(record(one(), F).isConflict());
  }

  /** Absence is not a deletion: the tree may be older than the journal. */
  @Test
  void whatTheDiskLacksIsNotDeletedElsewhere() {
    begin();
    write(two(), G, "stays");
    backUp();
    write(two(), F, "news");
    restore();
    one().disk.remove(G);
    startAlone();
    othersCome();
    assertEverywhere("stays", G);
    assertEquals(1, record(one(), G).contents().size());
    assertEverywhere("news", F);
  }

  @Test
  void olderTreeDoesNotRevertWhatStandsElsewhere() {
    begin();
    write(two(), G, "older");
    Thing older = one().disk.find(G).orElseThrow();
    write(two(), G, "newer");
    backUp();
    write(two(), F, "news");
    restore();
    one().disk.put(G, older.moved(one().nowNanos()));
    startAlone();
    othersCome();
    assertEverywhere("newer", G);
    assertFalse(record(one(), G).isConflict());
  }

  @Test
  void whatSomebodyWroteMeanwhileShowsWhereNobodyElseWrote() {
    begin();
    write(two(), G, "before");
    backUp();
    write(two(), F, "news");
    restore();
    startAlone();
    user.write(one(), G, "alone");
    cluster.run(ALONE);
    othersCome();
    assertEverywhere("alone", G);
    assertEverywhere("news", F);
  }

  /** The power fails on the restored node before anybody came. */
  @Test
  void powerCutWhileAloneHidesNothing() {
    begin();
    write(two(), F, "before");
    write(two(), G, "before");
    backUp();
    write(two(), F, "seen by one");
    one().kill();
    write(two(), F, "last");
    restore();
    startAlone();
    one().cutPower();
    startAlone();
    user.write(one(), G, "since");
    cluster.run(ALONE);
    othersCome();
    assertEverywhere("last", F);
    assertEverywhere("since", G);
    assertTrue(record(one(), G).contents().elements().stream().noneMatch(e -> e.adopted()));
    assertFalse(record(one(), F).isConflict());
  }

  @Test
  void restartsWhileAloneHideNothing() {
    begin();
    write(two(), F, "before");
    backUp();
    write(two(), F, "seen by one");
    one().kill();
    write(two(), F, "last");
    restore();
    startAlone();
    restart(one());
    cluster.run(ALONE);
    user.write(one(), G, "alone");
    cluster.run(ALONE);
    restart(one());
    cluster.run(ALONE);
    othersCome();
    assertEverywhere("last", F);
    assertEverywhere("alone", G);
    assertFalse(record(one(), F).isConflict());
  }

  private void findChangedAlone(String text) {
    one().disk.create(F, EntryType.FILE, text, one().nowNanos());
    startAlone();
  }

  /** Until then what it replaced stands, for the journal may be an old one. */
  @Test
  void whatIsFoundAloneSupersedesOnceOthersCame() {
    nodes(3);
    begin();
    write(two(), F, "before");
    write(two(), G, "to go");
    stop(two());
    stop(three());
    stop(one());
    one().disk.remove(G);
    findChangedAlone("while it was down");
    cluster.start(three());
    settle();
    assertEquals("while it was down", text(three(), F));
    assertEquals("nothing", text(three(), G));
    assertTrue(record(three(), F).isConflict());
    othersCome();
    assertEverywhere("while it was down", F);
    assertEverywhere("nothing", G);
    assertEquals(1, record(two(), F).contents().size());
    assertTrue(one().journal().record(F).orElseThrow().doubts().isEmpty());
    assertTrue(one().journal().root().orElseThrow().unproven().isEmpty());
    assertTrue(two().journal().record(G).isEmpty());
  }

  /** The third knows no better, and passes on what it was told. */
  @Test
  void whatWasToldInDoubtIsTakenBackEverywhere() {
    nodes(3);
    begin();
    write(two(), F, "before");
    stop(three());
    backUp();
    write(two(), G, "seen by one");
    two().kill();
    restore();
    findChangedAlone("of an older tree");
    cluster.start(three());
    settle();
    assertEquals("of an older tree", text(three(), F));
    one().kill();
    cluster.start(two());
    settle();
    assertEquals("of an older tree", text(two(), F));
    othersCome();
    assertEverywhere("before", F);
    assertFalse(record(three(), F).isConflict());
  }

  /** Two lives in a row found the same path changed; only the second was that of an old journal. */
  @Test
  void whatTheSecondOfTwoUnprovenLivesSupersededIsGivenBack() {
    nodes(3);
    begin();
    write(two(), F, "before");
    stop(two());
    stop(three());
    stop(one());
    findChangedAlone("by the first life");
    cluster.start(three());
    settle();
    assertEquals("by the first life", text(three(), F));
    backUp();
    write(one(), G, "later");
    restore();
    findChangedAlone("of an older tree");
    cluster.start(three());
    settle();
    assertEquals("by the first life", text(three(), F));
    assertEquals("by the first life", text(one(), F));
    othersCome();
    assertEverywhere("by the first life", F);
  }

  /** Between two lives a peer that knew no better wrote; the evidence is against both. */
  @Test
  void whatEachOfTwoUnprovenLivesSupersededIsGivenBack() {
    nodes(3);
    begin();
    write(two(), F, "before");
    backUp();
    stop(three());
    write(two(), G, "seen by one");
    two().kill();
    restore();
    findChangedAlone("of an older tree");
    cluster.start(three());
    settle();
    write(three(), F, "by three");
    assertEquals("by three", text(one(), F));
    three().kill();
    stop(one());
    findChangedAlone("of an older tree still");
    othersCome();
    assertEverywhere("by three", F);
  }

  /** What the first one superseded is what peers hold: of too many the oldest are kept. */
  @Test
  void ofMoreLivesThanAreDoubtedTheOldestGiveBack() {
    begin();
    write(two(), F, "before");
    backUp();
    write(two(), G, "seen by one");
    two().kill();
    restore();
    for (int life = 0; life < Limits.DOUBTS_MAX + 2; life++) {
      findChangedAlone("in life " + life);
      assertTrue(one().journal().record(F).orElseThrow().doubts().size() <= Limits.DOUBTS_MAX);
      stop(one());
    }
    othersCome();
    assertEverywhere("before", F);
  }

  /** It comes back to its memory later: then a dot that was used again has two contents. */
  @Test
  void peerThatLostItsJournalIsNobodyToAsk() {
    begin();
    write(two(), F, "before");
    backUp();
    write(one(), G, "seen by two");
    FakeJournal remembering = two().journal().image();
    restore();
    one().disk.remove(G);
    two().restore(new FakeJournal());
    two().disk.remove(G);
    cluster.nodes().forEach(cluster::start);
    settle();
    write(one(), G, "under another version");
    two().kill();
    two().restore(remembering);
    othersCome();
    assertTrue(one().alarms.stream().noneMatch(text -> text.contains("two contents")));
    assertTrue(two().alarms.stream().noneMatch(text -> text.contains("two contents")));
    assertEverywhere("under another version", G);
  }
}
