package dev.replicator.kernel;

import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.Record;
import java.util.Optional;

/**
 * By what a write is dated.
 *
 * @param after a clock that its own exceeds
 * @param millisMax since the epoch: it is no later than that
 */
record Dating(long after, long millisMax) {
  /** A watcher tells of a close within moments; what was told earlier waited, as for a pause. */
  private static final long TOLD_LATE_MILLIS = 60_000;

  /** Of a write that is over {@code record} as it is now. */
  static Dating over(Record record) {
    return new Dating(record.clockMax(), Long.MAX_VALUE);
  }

  /**
   * Of what was found where {@code before} was. Without an event, or when that had to wait, that
   * may be days after it was written: then it is not later than what others wrote since, and its
   * author never saw.
   */
  static Dating of(
      Record record,
      Optional<Materialised> before,
      Paths.Suspicion suspicion,
      Observation.Found found,
      long wallMillis) {
    long toldMillisMin = wallMillis - TOLD_LATE_MILLIS;
    boolean told = suspicion.cause() == Cause.WATCH && found.stamp().ctimeMillis() >= toldMillisMin;
    if (told || found.stamp().ctimeNanos() <= 0) {
      return over(record);
    }
    Knowledge known = before.map(Materialised::knowledge).orElse(Knowledge.NONE);
    return new Dating(record.clockMax(known), found.stamp().ctimeMillis());
  }
}
