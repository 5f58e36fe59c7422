package dev.replicator.model;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this journal holds of a peer, and what that peer said it holds of ours.
 *
 * @param theirs the peer's journal, and the number up to which its changes are merged here
 * @param merged the number of ours that the peer has merged
 * @param durable the number of ours that the peer has merged and synced
 * @param journal which journal of ours {@code merged} and {@code durable} count in
 * @param complete whether one full merge with this peer ended
 * @param behind whether the peer came back with an old journal, or perhaps this node did, and not
 *     all was compared since: one may show what was superseded so long ago that nobody tells it
 *     unasked
 * @param former what the peer had synced before it held less: of the last journal before {@code
 *     journal} of which it had anything, or of this one
 * @param atMost what the peer can hold of ours, unless our journal is an old one: what that had
 *     when it was started, and the peer was not met since. What was merged since has numbers that
 *     the peer may know of something else
 */
public record PeerProgress(
    Sequence theirs,
    JournalId journal,
    long merged,
    long durable,
    boolean complete,
    boolean behind,
    Optional<Sequence> former,
    Optional<Sequence> atMost) {

  /** Of a peer that was not met before. */
  public static PeerProgress unknown(Sequence theirs, JournalId journal) {
    return new PeerProgress(
        theirs, journal, 0, 0, false, false, Optional.empty(), Optional.empty());
  }

  /**
   * After a new session began.
   *
   * @param ours the journal that is told from now on, of which the peer holds {@code held}
   */
  public PeerProgress greeted(Sequence now, JournalId ours, long held) {
    long synced = ours.equals(journal) ? Math.min(durable, held) : 0;
    Optional<Sequence> before =
        synced == durable ? former : Optional.of(new Sequence(journal, durable));
    return new PeerProgress(now, ours, held, synced, complete, behind, before, Optional.empty());
  }

  /** What the peer once had synced of our journals, the latest first. */
  public Stream<Sequence> synced() {
    return Stream.concat(Stream.of(new Sequence(journal, durable)), former.stream());
  }

  /** The latest of them of which it had anything. */
  public Optional<Sequence> lastSynced() {
    return synced().filter(sequence -> sequence.number() > 0).findFirst();
  }

  public PeerProgress withTheirs(Sequence now) {
    return new PeerProgress(now, journal, merged, durable, complete, behind, former, atMost);
  }

  /** With what the peer acknowledged, as far as that is more. */
  public PeerProgress withAcknowledged(long nowMerged, long nowDurable) {
    return new PeerProgress(
        theirs,
        journal,
        Math.max(merged, nowMerged),
        Math.max(durable, nowDurable),
        complete,
        behind,
        former,
        atMost);
  }

  public PeerProgress withComplete(boolean now) {
    return new PeerProgress(theirs, journal, merged, durable, now, behind, former, atMost);
  }

  public PeerProgress withBehind(boolean now) {
    return new PeerProgress(theirs, journal, merged, durable, complete, now, former, atMost);
  }

  /**
   * After a start with a journal that had come to {@code known}; one that was not met since an
   * earlier start holds no more than then.
   */
  public PeerProgress notMetSince(Sequence known) {
    return atMost.isPresent()
        ? this
        : new PeerProgress(
            theirs, journal, merged, durable, complete, behind, former, Optional.of(known));
  }
}
