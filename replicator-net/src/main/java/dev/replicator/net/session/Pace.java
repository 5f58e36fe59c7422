package dev.replicator.net.session;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * How fast bulk may go to one peer: a token bucket against the steady clock, kept as the moment in
 * which what was sent is paid for. A frame may begin while nothing is owed, whatever its size. Of
 * the network thread.
 */
final class Pace {
  static final long BYTES_PER_SECOND_MIN = 1_024;

  /** What may go at once after a silence: what fits into this time at the pace... */
  static final long BURST_MILLIS_MAX = 100;

  /** ...and never more. */
  static final long BURST_BYTES_MAX = 1_024 * 1_024;

  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** 0 while there is no limit. */
  private long bytesPerSecond;

  private long burstNanos;
  private long paidNanos;

  /** From now on bulk goes at this pace; without one as fast as it can. */
  void limit(OptionalLong perSecond, long nowNanos) {
    long wanted = perSecond.orElse(0);
    if (perSecond.isPresent() && wanted < BYTES_PER_SECOND_MIN) {
      throw new IllegalArgumentException("a pace of " + wanted + " bytes per second");
    }
    if (wanted == bytesPerSecond) {
      return;
    }
    bytesPerSecond = wanted;
    burstNanos =
        wanted == 0
            ? 0
            : Math.min(TimeUnit.MILLISECONDS.toNanos(BURST_MILLIS_MAX), nanosOf(BURST_BYTES_MAX));
    paidNanos = nowNanos;
  }

  /** How long the next frame has to wait; 0 when it may go. */
  long waitNanos(long nowNanos) {
    return bytesPerSecond == 0 ? 0 : Math.max(0, paidNanos - nowNanos);
  }

  /** A frame of {@code bytes} goes now. */
  void sent(long bytes, long nowNanos) {
    if (bytesPerSecond == 0) {
      return;
    }
    long saved = nowNanos - burstNanos;
    long from = paidNanos - saved < 0 ? saved : paidNanos;
    paidNanos = from + nanosOf(bytes);
  }

  private long nanosOf(long bytes) {
    return Math.ceilDiv(bytes * SECOND_NANOS, bytesPerSecond);
  }
}
