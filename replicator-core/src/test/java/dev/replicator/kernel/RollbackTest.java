package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.FormerLife;
import dev.replicator.model.Identity;
import dev.replicator.model.Initial;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootState;
import dev.replicator.model.Sequence;
import dev.replicator.model.VersionVector;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a peer remembers, against what our journal knows. */
@DisplayName("S13")
class RollbackTest {
  /** Each of our lives wrote seven times, and is followed by change ten of its journal. */
  private static final long COUNTER = 7;

  private static final long NEXT = 10;
  private static final Identity FIRST = identity(100);
  private static final Identity SECOND = identity(200);
  private static final Identity THIRD = identity(300);
  private static final JournalId PEER = identity(50).journal();
  private static final JournalId PEER_LATER = identity(60).journal();
  private static final Optional<Sequence> HELD = Optional.of(new Sequence(PEER, 5));
  private static final Rollback.Known KNOWN = new Rollback.Known(HELD, Optional.empty());

  private static final Digest RULES = Digest.of(new byte[Digest.LENGTH_BYTES]);

  private static Identity identity(long bornMillis) {
    JournalId drawn = new JournalId(Bytes.copyOf(new byte[JournalId.LENGTH_BYTES]));
    return new Identity(new ReplicaId(bornMillis), drawn.bornAt(bornMillis));
  }

  private static FormerLife life(Identity identity) {
    return new FormerLife(identity, COUNTER, NEXT, FormerLife.End.CLAIMED);
  }

  private static RootState root(Identity current, FormerLife... unproven) {
    return RootState.fresh(current, "boot", Initial.UNION, RULES)
        .withDot(new Dot(current.replica(), COUNTER))
        .withNextNumber(NEXT)
        .withUnproven(List.of(unproven));
  }

  private static Message.Hello hello(
      VersionVector clock, Optional<Sequence> holds, Optional<Sequence> acknowledged) {
    return new Message.Hello(identity(55), clock, holds, acknowledged, Optional.empty(), RULES);
  }

  private static Message.Hello synced(Message.Hello hello) {
    return new Message.Hello(
        hello.identity(),
        hello.clock(),
        hello.holds(),
        hello.acknowledged(),
        hello.acknowledged(),
        hello.filter());
  }

  private static Message.Hello holding(Identity of, long number, JournalId journal, long told) {
    return hello(
        VersionVector.EMPTY,
        Optional.of(new Sequence(of.journal(), number)),
        Optional.of(new Sequence(journal, told)));
  }

  private static void assertTells(RootState root, Message.Hello hello, Identity... doubtful) {
    Rollback found = Rollback.shownBy(root, hello, KNOWN).orElseThrow();
    TreeSet<ReplicaId> expected = new TreeSet<>();
    for (Identity each : doubtful) {
      expected.add(each.replica());
    }
    assertEquals(expected, found.doubtful());
    FormerLife.End end = found.unproven().getLast().end();
    assertEquals(FormerLife.End.CONTRADICTED, end, "the same tells nothing again");
  }

  private static void assertTellsNothing(RootState root, Message.Hello hello) {
    assertEquals(Optional.empty(), Rollback.shownBy(root, hello, KNOWN));
  }

  @Test
  void peerThatRemembersWhatWeKnowTellsNothing() {
    VersionVector clock = VersionVector.of(new Dot(FIRST.replica(), COUNTER));
    Optional<Sequence> holds = Optional.of(new Sequence(FIRST.journal(), NEXT - 1));
    assertTellsNothing(root(FIRST), hello(clock, holds, HELD));
    assertTellsNothing(root(SECOND, life(FIRST)), hello(clock, holds, HELD));
  }

  @Test
  void peerThatRemembersNothingTellsNothing() {
    Message.Hello hello = hello(VersionVector.EMPTY, Optional.empty(), Optional.empty());
    assertTellsNothing(root(FIRST), hello);
    assertTellsNothing(root(SECOND, life(FIRST)), hello);
  }

  @Test
  void moreWritesTell() {
    VersionVector clock = VersionVector.of(new Dot(FIRST.replica(), COUNTER + 1));
    Message.Hello hello = hello(clock, Optional.empty(), Optional.empty());
    assertTells(root(FIRST), hello);
    assertTells(root(SECOND, life(FIRST)), hello, SECOND);
  }

  @Test
  void longerJournalTells() {
    assertTells(root(FIRST), holding(FIRST, NEXT, PEER, 0));
    assertTells(root(SECOND, life(FIRST)), holding(FIRST, NEXT, PEER, 0), SECOND);
  }

  /** What was merged from others since the start has a number that the peer knows already. */
  @Test
  void whatAPeerHoldsTellsThoughItsNumberWasGivenAgain() {
    Message.Hello hello = holding(FIRST, NEXT - 1, PEER, 0);
    assertTellsNothing(root(FIRST), hello);
    Rollback.Known since =
        new Rollback.Known(HELD, Optional.of(new Sequence(FIRST.journal(), NEXT - 2)));
    assertTrue(Rollback.shownBy(root(FIRST), hello, since).isPresent());
    assertTrue(Rollback.shownBy(root(SECOND, life(FIRST)), hello, since).isPresent());
    Message.Hello less = holding(FIRST, NEXT - 2, PEER, 0);
    assertEquals(Optional.empty(), Rollback.shownBy(root(FIRST), less, since));
  }

  @Test
  void moreThatWasAcknowledgedTells() {
    assertTells(root(FIRST), holding(FIRST, 1, PEER, 6));
    assertTells(root(SECOND, life(FIRST)), holding(FIRST, 1, PEER, 6), SECOND);
    assertTellsNothing(root(FIRST), holding(FIRST, 1, PEER, 5));
  }

  @Test
  void whatWasAcknowledgedOfALaterJournalOfThePeerTells() {
    assertTells(root(FIRST), holding(FIRST, 1, PEER_LATER, 1));
    assertTellsNothing(root(FIRST), holding(FIRST, 1, PEER_LATER, 0));
  }

  /** We greeted a later journal of it since, and it does not remember that: its power failed. */
  @Test
  void whatWasAcknowledgedOfAnEarlierJournalOfThePeerTellsNothing() {
    Optional<Sequence> held = Optional.of(new Sequence(PEER_LATER, 1));
    Rollback.Known later = new Rollback.Known(held, Optional.empty());
    assertEquals(
        Optional.empty(), Rollback.shownBy(root(FIRST), holding(FIRST, 1, PEER, 9), later));
  }

  @Test
  void journalBornLaterThatWeDoNotKnowTells() {
    assertTells(root(FIRST), holding(identity(150), 1, PEER, 0));
    RootState alone = root(THIRD, life(FIRST), life(SECOND));
    assertTells(alone, holding(identity(150), 1, PEER, 0), SECOND, THIRD);
    assertTells(alone, holding(identity(250), 1, PEER, 0), THIRD);
  }

  /** The peer was away while this node lost its journal, or was born again for other reasons. */
  @Test
  void journalBornEarlierThatWeDoNotKnowTellsNothing() {
    assertTellsNothing(root(FIRST), holding(identity(70), 99, PEER, 9));
    assertTellsNothing(root(SECOND, life(FIRST)), holding(identity(70), 99, PEER, 9));
  }

  @Test
  void onlyWhatWasWrittenAfterTheRollbackIsDoubtful() {
    RootState alone = root(THIRD, life(FIRST), life(SECOND));
    assertTells(alone, holding(FIRST, NEXT, PEER, 0), SECOND, THIRD);
    assertTells(alone, holding(SECOND, NEXT, PEER, 0), THIRD);
  }

  /** Power fails: its end is lost, and peers remember it; what came then was adopted. */
  @Test
  void whatPeersRememberOfALostEndTellsNothing() {
    RootState cut = root(THIRD, life(FIRST), life(SECOND).withEnd(FormerLife.End.CUT_OFF));
    assertTellsNothing(cut, holding(SECOND, NEXT, PEER, 9));
    assertTells(cut, holding(FIRST, NEXT, PEER, 0), SECOND);
  }

  /** By what they remember of the life itself: of a later one they tell nothing of its end. */
  @Test
  void peersTellThatAPowerCutTookNothing() {
    RootState cut = root(THIRD, life(SECOND).withEnd(FormerLife.End.CUT_OFF));
    List<ReplicaId> second = List.of(SECOND.replica());
    assertEquals(second, Rollback.whole(cut, holding(SECOND, NEXT - 1, PEER, 5), KNOWN));
    assertEquals(second, Rollback.whole(cut, holding(FIRST, NEXT, PEER, 5), KNOWN));
    assertEquals(List.of(), Rollback.whole(cut, holding(SECOND, NEXT, PEER, 5), KNOWN));
    assertEquals(List.of(), Rollback.whole(cut, holding(SECOND, 1, PEER, 6), KNOWN));
    assertEquals(List.of(), Rollback.whole(cut, holding(THIRD, 1, PEER, 5), KNOWN));
    Message.Hello nothing = hello(VersionVector.EMPTY, Optional.empty(), HELD);
    assertEquals(List.of(), Rollback.whole(cut, nothing, KNOWN));

    assertEquals(Optional.of(SECOND.replica()), Rollback.cutOffBefore(cut, THIRD.replica()));
    assertEquals(Optional.empty(), Rollback.cutOffBefore(cut, SECOND.replica()));
    RootState later = root(FIRST, life(SECOND).withEnd(FormerLife.End.CUT_OFF), life(THIRD));
    assertEquals(Optional.empty(), Rollback.cutOffBefore(later, FIRST.replica()));
  }

  /** What was cut off was an old journal: a power cut takes nothing that was synced. */
  @Test
  void moreThatWasSyncedTellsOfALostEnd() {
    RootState cut = root(THIRD, life(SECOND).withEnd(FormerLife.End.CUT_OFF));
    Message.Hello hello = synced(holding(SECOND, 1, PEER, 6));
    assertTells(cut, hello);
    Rollback found = Rollback.shownBy(cut, hello, KNOWN).orElseThrow();
    assertEquals(new TreeSet<>(List.of(THIRD.replica())), found.adopting());
    assertTells(cut, synced(holding(SECOND, 1, PEER_LATER, 1)));
    assertTellsNothing(cut, holding(SECOND, 1, PEER, 6));
    assertTellsNothing(cut, synced(holding(SECOND, 1, PEER, 5)));
    assertTellsNothing(cut, synced(holding(identity(70), 1, PEER, 6)));
  }

  /** What was cut off was an old journal: the latest one is not known here. */
  @Test
  void journalBornAfterTheOneThatWasCutOffTells() {
    RootState cut = root(THIRD, life(SECOND).withEnd(FormerLife.End.CUT_OFF));
    Message.Hello hello = holding(identity(250), 1, PEER, 0);
    assertTells(cut, hello);
    Rollback found = Rollback.shownBy(cut, hello, KNOWN).orElseThrow();
    assertEquals(new TreeSet<>(List.of(THIRD.replica())), found.adopting());
    RootState known = root(THIRD, life(SECOND).withEnd(FormerLife.End.CONTRADICTED));
    assertTellsNothing(known, holding(identity(250), 1, PEER, 0));
  }

  @Test
  void peersContradictNothingBeforeALifeThatTheyRememberMoreOf() {
    RootState alone = root(THIRD, life(FIRST), life(SECOND));
    assertTrue(Rollback.isContradictable(alone, SECOND.replica()));
    assertTrue(Rollback.isContradictable(alone, THIRD.replica()));
    assertFalse(Rollback.isContradictable(alone, FIRST.replica()), "it began with all it knew");
    RootState old = root(THIRD, life(FIRST), life(SECOND).withEnd(FormerLife.End.CONTRADICTED));
    assertFalse(Rollback.isContradictable(old, SECOND.replica()));
    assertTrue(Rollback.isContradictable(old, THIRD.replica()));
  }

  @Test
  void journalIsBornAfterEveryOneThatIsRemembered() {
    Message.Hello hello = holding(identity(900), 1, PEER, 0);
    assertEquals(900, Rollback.shownBy(root(FIRST), hello, KNOWN).orElseThrow().bornMillis());
  }
}
