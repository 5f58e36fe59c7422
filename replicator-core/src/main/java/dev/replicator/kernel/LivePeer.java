package dev.replicator.kernel;

import dev.replicator.model.JournalId;
import dev.replicator.model.RelativePath;
import dev.replicator.model.VersionVector;

/** A session with a peer, from its Hello on. */
final class LivePeer {
  /** The peer's journal. */
  final JournalId journal;

  final boolean sameRules;

  /** Whether the peer is spared what its clock covers: not before the first complete merge. */
  final boolean filtered;

  /** Whether the peer told everything it has. */
  boolean marked;

  /** What the peer is known to have merged. */
  VersionVector clock;

  /** The number of ours up to which everything was sent or need not be. */
  long cursor;

  /** The number through which the last run told of. */
  long told;

  /** The number of ours that the peer acknowledged. */
  long acknowledged;

  /** The last number of ours when the session began: later ones came in during this life of it. */
  final long head;

  /** The peer's number that we merged, and last acknowledged, and last acknowledged as synced. */
  long merged;

  long mergedTold;

  /** When what was merged since is acknowledged; 0 while nothing waits for it. */
  long acknowledgeAtMillis;

  long durableTold;

  /** When runs that carry no changes may be told next. */
  long idleAtMillis;

  /** Where a comparison asked of the peer stands. */
  RelativePath compared = RelativePath.ROOT;

  LivePeer(
      JournalId journal,
      boolean sameRules,
      boolean filtered,
      VersionVector clock,
      long cursor,
      long merged,
      long head) {
    this.journal = journal;
    this.sameRules = sameRules;
    this.filtered = filtered;
    this.clock = clock;
    this.cursor = cursor;
    this.told = cursor;
    this.acknowledged = cursor;
    this.merged = merged;
    this.head = head;
  }
}
