package dev.replicator.kernel;

import dev.replicator.model.Group;
import dev.replicator.model.Identity;
import dev.replicator.model.JournalId;
import dev.replicator.model.Limits;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Sequence;
import dev.replicator.model.VersionVector;
import java.util.Optional;

/** A session with a peer, from its Hello on. */
final class LivePeer {
  /** Merges of this time are acknowledged together, unless the peer's window would close. */
  private static final long ACKNOWLEDGE_MILLIS = 5;

  private static final long UNACKNOWLEDGED_MAX = Limits.WINDOW_CHANGES_MAX / 8;

  /** The peer's journal. */
  final JournalId journal;

  /** As whom it writes now. */
  final ReplicaId replica;

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
  private long acknowledgeAtMillis;

  long durableTold;

  /** When runs that carry no changes may be told next. */
  long idleAtMillis;

  /** The last number of ours when all that the peer has was compared. */
  long comparedThrough = Long.MAX_VALUE;

  /** Where a comparison asked of the peer stands. */
  RelativePath compared = RelativePath.ROOT;

  LivePeer(
      Identity identity,
      boolean sameRules,
      boolean filtered,
      VersionVector clock,
      long cursor,
      long merged,
      long head) {
    this.journal = identity.journal();
    this.replica = identity.replica();
    this.sameRules = sameRules;
    this.filtered = filtered;
    this.clock = clock;
    this.cursor = cursor;
    this.told = cursor;
    this.acknowledged = cursor;
    this.merged = merged;
    this.head = head;
  }

  /**
   * Whether the peer need not be told a record, because its clock covers it. A record without
   * elements answers who shows something though his clock covers the answer. And what was adopted
   * may come over a deletion that some have forgotten: they take it alone, and whoever remembers
   * the deletion keeps both, though the clock of each covers what the other has.
   */
  boolean isSpared(RecordState stored) {
    Record record = stored.record();
    return filtered
        && !record.isEmpty()
        && clock.covers(record.context())
        && !record.isAdopted()
        && !new Group(stored.group()).isClosed();
  }

  /** Whether what was merged is to be acknowledged now; asked first, it begins to wait. */
  boolean isAcknowledgementDue(long nowMillis) {
    if (mergedTold == merged) {
      return false;
    }
    if (acknowledgeAtMillis == 0) {
      acknowledgeAtMillis = nowMillis + ACKNOWLEDGE_MILLIS;
    }
    return nowMillis >= acknowledgeAtMillis || merged - mergedTold > UNACKNOWLEDGED_MAX;
  }

  Sequence mergedTold() {
    return new Sequence(journal, mergedTold);
  }

  /**
   * How far the peer's journal is synced here once a sync is over. The peer may have come with
   * another journal since that began, of which it wrote nothing.
   *
   * @param merged what was merged of the peer's journal when the sync began
   */
  long synced(Optional<Sequence> merged) {
    long number =
        merged.filter(it -> it.journal().equals(journal)).map(Sequence::number).orElse(0L);
    return Math.min(number, mergedTold);
  }

  void acknowledged(long durable) {
    mergedTold = merged;
    durableTold = durable;
    acknowledgeAtMillis = 0;
  }

  /**
   * @param head the last number of ours
   */
  long wakeAtMillis(long head) {
    return Math.min(
        told < head ? idleAtMillis : Long.MAX_VALUE,
        mergedTold != merged ? acknowledgeAtMillis : Long.MAX_VALUE);
  }
}
