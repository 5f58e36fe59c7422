package dev.replicator.bench.compare;

/**
 * When bytes come out of a line that takes some time to cross and carries only so many in a second.
 */
final class Pacer {
  private static final long SECOND_NANOS = 1_000_000_000;

  private final long delayNanos;
  private final long bytesPerSecond;
  private long freeNanos = Long.MIN_VALUE;

  /** {@code bytesPerSecond} of 0 is as many as come. */
  Pacer(long delayNanos, long bytesPerSecond) {
    this.delayNanos = delayNanos;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** When the last of {@code bytes}, which are put in at {@code now}, comes out. */
  long out(long now, int bytes) {
    if (bytesPerSecond == 0) {
      return now + delayNanos;
    }
    // The line is busy with what was put in before.
    freeNanos = Math.max(freeNanos, now) + bytes * SECOND_NANOS / bytesPerSecond;
    return freeNanos + delayNanos;
  }
}
