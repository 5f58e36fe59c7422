package dev.replicator.model;

/**
 * What this journal holds of a peer, and what that peer said it holds of ours.
 *
 * @param theirs the peer's journal, and the number up to which its changes are merged here
 * @param merged the number of ours that the peer has merged
 * @param durable the number of ours that the peer has merged and synced
 * @param journal which journal of ours {@code merged} and {@code durable} count in
 * @param complete whether one full merge with this peer ended
 */
public record PeerProgress(
    Sequence theirs, JournalId journal, long merged, long durable, boolean complete) {}
