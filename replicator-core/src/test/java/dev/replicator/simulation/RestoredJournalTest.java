package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Event;
import dev.replicator.model.EntryType;
import dev.replicator.model.Identity;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A journal from a backup that starts while nobody can be asked: once somebody comes who remembers
 * more, what it made of its disk outranks nothing, deletes nothing and brings nothing back.
 */
@DisplayName("S13")
class RestoredJournalTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final RelativePath G = RelativePath.of("g");
  private static final long STOP = 99;
  private static final long MOMENT = 300;
  private static final long ALONE = 10_000;

  private SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
  private SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  private FakeJournal journal = new FakeJournal();
  private final TreeMap<RelativePath, Thing> tree = new TreeMap<>();

  private SimulatedNode one() {
    return cluster.node(0);
  }

  private SimulatedNode two() {
    return cluster.node(1);
  }

  private SimulatedNode three() {
    return cluster.node(2);
  }

  private void nodes(int count) {
    cluster = new SimulatedCluster(7, count, false);
    user = new SimulatedUser(cluster, new Lineage());
  }

  private void begin() {
    cluster.nodes().forEach(cluster::start);
    settle();
  }

  private void settle() {
    cluster.settleAndApprove();
  }

  private void stop(SimulatedNode node) {
    node.handle(new Event.StopAsked(STOP));
    cluster.run(5_000);
    node.kill();
  }

  private void restart(SimulatedNode node) {
    stop(node);
    node.reboot();
    cluster.start(node);
  }

  private void write(SimulatedNode node, RelativePath path, String text) {
    user.write(node, path, text);
    settle();
  }

  /** Journal and tree of node one, as of now: no marker tells of an unclean stop. */
  private void backUp() {
    stop(one());
    journal = one().journal().image();
    tree.clear();
    tree.putAll(one().disk.things());
    cluster.start(one());
    settle();
  }

  /** All stop; node one gets its old journal. */
  private void restore() {
    cluster.nodes().stream().filter(SimulatedNode::isUp).forEach(SimulatedNode::kill);
    one().restore(journal.image());
    one().reboot();
  }

  private void restoreTree() {
    for (RelativePath path : List.copyOf(one().disk.things().keySet())) {
      one().disk.remove(path);
    }
    tree.forEach((path, thing) -> one().disk.put(path, thing.moved(one().nowNanos())));
  }

  private void startAlone() {
    cluster.start(one());
    cluster.run(ALONE);
  }

  private void othersCome() {
    cluster.nodes().stream().filter(node -> !node.isUp()).forEach(cluster::start);
    settle();
  }

  private static String text(SimulatedNode node, RelativePath path) {
    return node.disk.find(path).map(Thing::text).orElse("nothing");
  }

  private static Record record(SimulatedNode node, RelativePath path) {
    return node.journal().record(path).map(RecordState::record).orElseThrow();
  }

  private static Identity identity(SimulatedNode node) {
    return node.journal().root().orElseThrow().identity();
  }

  private void assertEverywhere(String expected, RelativePath path) {
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(expected, text(node, path), () -> path + " on " + node);
    }
  }

  private long adopted() {
    return cluster.nodes().stream()
        .flatMap(node -> node.journal().recordsAfter(RelativePath.ROOT, 100).values().stream())
        .flatMap(stored -> stored.record().contents().elements().stream())
        .filter(element -> element.adopted())
        .count();
  }

  private Map<SimulatedNode, Identity> identities() {
    TreeMap<Integer, Identity> numbered = new TreeMap<>();
    cluster.nodes().forEach(node -> numbered.put(node.number, identity(node)));
    return cluster.nodes().stream()
        .collect(
            java.util.stream.Collectors.toMap(node -> node, node -> numbered.get(node.number)));
  }

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

  @Test
  void ordinaryRestartsKillsAndPartitionsDrawNothingNew() {
    nodes(3);
    begin();
    write(one(), F, "first");
    Map<SimulatedNode, Identity> before = identities();
    long adopted = adopted();
    for (SimulatedNode node : cluster.nodes()) {
      cluster.links().forEach(SimulatedLink::cut);
      cluster.nodes().forEach(each -> user.write(each, RelativePath.of("on" + each), "v" + node));
      user.write(node, F, "by " + node);
      cluster.run(MOMENT);
      cluster.links().forEach(SimulatedLink::heal);
      cluster.run(MOMENT);
      user.write(node, G, "by " + node);
      node.kill();
      cluster.start(node);
      settle();
      restart(node);
      settle();
    }
    assertEquals(before, identities());
    assertEquals(adopted, adopted());
  }

  @Test
  void powerLossDrawsOneIdentityAndPeersRememberNoneOfTheLostOnes() {
    begin();
    write(two(), F, "before");
    two().stallSyncs();
    user.write(one(), F, "acknowledged");
    cluster.run(5_000);
    two().cutPower();
    cluster.start(two());
    settle();
    Map<SimulatedNode, Identity> reborn = identities();
    write(two(), G, "after");
    restart(two());
    settle();
    assertEquals(reborn, identities());
    assertEverywhere("acknowledged", F);
    assertTrue(record(one(), G).contents().elements().stream().noneMatch(e -> e.adopted()));
    assertTrue(two().alarms.stream().noneMatch(text -> text.contains("older")));
  }

  /** It draws a new identity, for nobody can be asked; but what it writes stays written. */
  @Test
  void ordinaryStartAloneDemotesNothing() {
    begin();
    write(two(), F, "before");
    restart(one());
    settle();
    two().kill();
    restart(one());
    user.write(one(), F, "alone");
    cluster.run(ALONE);
    restart(one());
    cluster.run(ALONE);
    user.write(one(), G, "alone again");
    cluster.run(ALONE);
    othersCome();
    assertEverywhere("alone", F);
    assertEverywhere("alone again", G);
    assertEquals(0, adopted());
    assertTrue(one().alarms.stream().noneMatch(text -> text.contains("older")));
  }

  /** Its peer remembers the journal that was lost. */
  @Test
  void lostJournalThatStartedAloneTwiceKeepsWhatItWroteSince() {
    begin();
    write(two(), F, "before");
    restore();
    one().restore(new FakeJournal());
    startAlone();
    restart(one());
    cluster.run(ALONE);
    user.write(one(), F, "since");
    cluster.run(ALONE);
    othersCome();
    assertEverywhere("since", F);
    assertTrue(one().alarms.stream().noneMatch(text -> text.contains("older")));
  }

  /** The peer's own journal was lost, or is an old one: what it remembers is less. */
  @Test
  void peerThatForgotDemotesNothing() {
    begin();
    write(one(), F, "before");
    FakeJournal older = two().journal().image();
    write(one(), F, "later");
    write(two(), G, "by two");
    two().kill();
    restart(one());
    cluster.run(ALONE);
    user.write(one(), F, "alone");
    cluster.run(ALONE);
    two().restore(older);
    othersCome();
    assertEverywhere("alone", F);
    assertTrue(one().alarms.stream().noneMatch(text -> text.contains("older")));
  }
}
