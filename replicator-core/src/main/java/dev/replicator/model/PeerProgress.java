package dev.replicator.model;

/**
 * What this journal holds of a peer, and what that peer said it holds of ours.
 *
 * @param theirs the peer's journal, and the number up to which its changes are merged here
 * @param merged the number of ours that the peer has merged
 * @param durable the number of ours that the peer has merged and synced
 * @param journal which journal of ours {@code merged} and {@code durable} count in
 * @param complete whether one full merge with this peer ended
 * @param behind whether the peer came back with an old journal, and not all was compared with it
 *     since: it may show what was superseded so long ago that nobody tells it unasked
 */
public record PeerProgress(
    Sequence theirs,
    JournalId journal,
    long merged,
    long durable,
    boolean complete,
    boolean behind) {

  public PeerProgress withTheirs(Sequence now) {
    return new PeerProgress(now, journal, merged, durable, complete, behind);
  }

  /** With what the peer acknowledged, as far as that is more. */
  public PeerProgress withAcknowledged(long nowMerged, long nowDurable) {
    return new PeerProgress(
        theirs,
        journal,
        Math.max(merged, nowMerged),
        Math.max(durable, nowDurable),
        complete,
        behind);
  }

  public PeerProgress withComplete(boolean now) {
    return new PeerProgress(theirs, journal, merged, durable, now, behind);
  }

  public PeerProgress withBehind(boolean now) {
    return new PeerProgress(theirs, journal, merged, durable, complete, now);
  }
}
