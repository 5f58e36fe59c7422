package dev.replicator.simulation;

import java.util.function.LongSupplier;

/** The clock of a machine, and that of its file system. */
final class SimulatedClock {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LongSupplier steadyMillis;
  private final long phaseNanos;
  private long offsetMillis;
  private long tickMillis;
  private long lastNanos;

  /**
   * @param phaseNanos by so much it ticks later than that of another machine
   */
  SimulatedClock(LongSupplier steadyMillis, long offsetMillis, long phaseNanos) {
    this.steadyMillis = steadyMillis;
    this.offsetMillis = offsetMillis;
    this.phaseNanos = phaseNanos;
  }

  long nowMillis() {
    return steadyMillis.getAsLong() + offsetMillis;
  }

  /** Somebody sets it, and with it that of the file system. */
  void step(long millis) {
    offsetMillis += millis;
    lastNanos = nowMillis() * NANOS_PER_MILLI;
  }

  /** From now on that of the file system stands still for so long, whatever changes. */
  void tick(long millis) {
    tickMillis = millis;
  }

  /** When something is changed: no two changes at the same time, unless it ticks. */
  long nowNanos() {
    long ticked = tickMillis == 0 ? nowMillis() : nowMillis() / tickMillis * tickMillis;
    lastNanos =
        tickMillis == 0
            ? Math.max(lastNanos + 1, ticked * NANOS_PER_MILLI)
            : Math.max(lastNanos, ticked * NANOS_PER_MILLI + phaseNanos);
    return lastNanos;
  }
}
