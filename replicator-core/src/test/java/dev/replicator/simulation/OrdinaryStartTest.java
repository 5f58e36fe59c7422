package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Event;
import dev.replicator.model.Entry;
import dev.replicator.model.Identity;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What looks like an old journal and is none: nothing is drawn anew, and nothing demoted. */
@DisplayName("S13")
class OrdinaryStartTest extends BackupScenario {
  @Test
  void ordinaryRestartsKillsAndPartitionsDrawNothingNew() {
    nodes(3);
    begin();
    write(one(), F, "first");
    List<Identity> before = identities();
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
    two().syncs().stall();
    user.write(one(), F, "acknowledged");
    cluster.run(5_000);
    two().cutPower();
    cluster.start(two());
    settle();
    List<Identity> reborn = identities();
    write(two(), G, "after");
    restart(two());
    settle();
    assertEquals(reborn, identities());
    assertEverywhere("acknowledged", F);
    assertTrue(record(one(), G).contents().elements().stream().noneMatch(e -> e.adopted()));
    assertTrue(two().alarms.stream().noneMatch(text -> text.contains("older")));
  }

  /** Else what a start puts, and the power tears, would be taken for somebody's writes. */
  @Test
  void powerNeverBringsBackTheMarkerOfACleanStop() {
    for (int seed = 0; seed < 20; seed++) {
      cluster = new SimulatedCluster(seed, 2, false);
      begin();
      stop(one());
      cluster.start(one());
      one().cutPower();
      assertFalse(one().journal().root().orElseThrow().clean(), "seed " + seed);
    }
  }

  private void configure(SimulatedNode node, SimulatedNode... peers) {
    TreeSet<NodeId> ids = new TreeSet<>();
    List.of(peers).forEach(peer -> ids.add(peer.id));
    node.handle(new Event.PeersConfigured(ids));
    cluster.run(MOMENT);
  }

  /** What it remembers is what it was told before it was removed. */
  @Test
  void peerThatIsRemovedAndAddedAgainTellsOfNoOldJournal() {
    begin();
    write(two(), F, "by two");
    write(one(), G, "by one");
    List<Identity> before = identities();
    SimulatedLink link = cluster.link(one(), two());
    link.cut();
    configure(one());
    user.write(two(), F, "meanwhile");
    cluster.run(MOMENT);
    configure(one(), two());
    for (int session = 0; session < 3; session++) {
      link.heal();
      cluster.run(session);
      link.cut();
    }
    link.heal();
    settle();
    assertEverywhere("meanwhile", F);
    assertEquals(before, identities());
    assertTrue(one().alarms.isEmpty(), one().alarms::toString);
  }

  /** What is known of it outlives the run in which it was removed. */
  @Test
  void peerThatIsAddedAgainAfterAStartTellsOfNoOldJournal() {
    begin();
    write(two(), F, "by two");
    write(one(), G, "by one");
    cluster.link(one(), two()).cut();
    configure(one());
    stop(one());
    one().start(new TreeSet<>());
    cluster.run(ALONE);
    configure(one(), two());
    cluster.link(one(), two()).heal();
    settle();
    user.delete(one(), F);
    settle();
    assertEverywhere("nothing", F);
    assertEquals(0, adopted());
    assertTrue(one().alarms.isEmpty(), one().alarms::toString);
  }

  /** Else it wrote under dots that those know of other writes: they took the new ones for known. */
  @Test
  void oldJournalWhosePeersWereRemovedLosesNothingThatIsWrittenThen() {
    begin();
    write(one(), F, "before");
    backUp();
    losesNothingThatIsWrittenWithoutPeers();
  }

  /** All that it knows of is that there never was anybody to ask. */
  @Test
  void oldJournalFromBeforeItsFirstPeerLosesNothingThatIsWrittenThen() {
    one().start(new TreeSet<>());
    cluster.run(ALONE);
    journal = one().journal().image();
    configure(one(), two());
    cluster.start(two());
    losesNothingThatIsWrittenWithoutPeers();
  }

  /** He was no peer when it was copied, and one again after that. */
  @Test
  void oldJournalFromWhenItsPeerWasRemovedLosesNothingThatIsWrittenThen() {
    begin();
    write(one(), F, "before");
    cluster.link(one(), two()).cut();
    configure(one());
    journal = one().journal().image();
    configure(one(), two());
    cluster.link(one(), two()).heal();
    losesNothingThatIsWrittenWithoutPeers();
  }

  /** The machine runs on: it is not for a new boot that nothing is written under its old dots. */
  private void losesNothingThatIsWrittenWithoutPeers() {
    for (int version = 1; version <= 5; version++) {
      write(one(), G, "v" + version);
    }
    cluster.nodes().forEach(SimulatedNode::kill);
    one().restore(journal.image());
    one().start(new TreeSet<>());
    cluster.run(ALONE);
    for (int file = 1; file <= 9; file++) {
      user.write(one(), RelativePath.of("alone" + file), "meanwhile");
      cluster.run(MOMENT);
    }
    stop(one());
    othersCome();
    assertEverywhere("v5", G);
    for (int file = 1; file <= 9; file++) {
      assertEverywhere("meanwhile", RelativePath.of("alone" + file));
    }
  }

  /** It put the directory itself: nobody wrote that over the file. */
  @Test
  void oldJournalWithoutPeersKeepsWhatItReplacedUntilThoseAreAsked() {
    begin();
    cluster.link(one(), two()).cut();
    user.write(one(), F, "by one");
    user.makeDirectory(two(), F);
    cluster.run(MOMENT);
    backUp();
    cluster.link(one(), two()).heal();
    settle();
    restore();
    one().start(new TreeSet<>());
    cluster.run(ALONE);
    stop(one());
    othersCome();
    for (SimulatedNode node : cluster.nodes()) {
      assertTrue(
          record(node, F).contents().elements().stream()
              .anyMatch(element -> element.value() instanceof Entry.File),
          () -> "the file is lost on " + node);
    }
  }

  /** Nobody asked it before the deletion was forgotten. */
  @Test
  void peerThatWasRemovedWhileTheDaemonWasDownKeepsNothingThatWasDeletedSince() {
    begin();
    write(one(), F, "both");
    stop(one());
    two().kill();
    one().start(new TreeSet<>());
    cluster.run(ALONE);
    user.delete(one(), F);
    cluster.run(ALONE);
    assertTrue(one().journal().record(F).isEmpty(), "the deletion is not forgotten");
    stop(one());
    othersCome();
    assertEverywhere("nothing", F);
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

  /** A new journal of a peer is no reason for one here, as long as the peer forgot nothing. */
  @Test
  void peerThatWasBornAnewWithItsMemoryCanBeAsked() {
    begin();
    write(two(), F, "before");
    stop(two());
    restart(one());
    cluster.run(ALONE);
    Identity before = identity(two());
    cluster.start(two());
    settle();
    write(two(), F, "after");
    assertEquals(before, identity(two()));
  }

  /** Who has to be born anew is so as soon as he knows it. */
  @Test
  void writesWaitForNobodyWhoCannotBeAsked() {
    begin();
    write(two(), F, "before");
    stop(one());
    two().kill();
    two().restore(new FakeJournal());
    cluster.nodes().forEach(cluster::start);
    user.write(one(), G, "at once");
    cluster.run(1_000);
    assertEquals("at once", text(two(), G));
  }
}
