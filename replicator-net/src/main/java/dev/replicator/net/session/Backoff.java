package dev.replicator.net.session;

import java.util.random.RandomGenerator;

/** Waits that double with every failure and are drawn from all of their range ("full jitter"). */
final class Backoff {
  private final long millisMin;
  private final long millisMax;
  private final RandomGenerator random;
  private int failures;

  Backoff(long millisMin, long millisMax, RandomGenerator random) {
    this.millisMin = millisMin;
    this.millisMax = millisMax;
    this.random = random;
  }

  void reset() {
    failures = 0;
  }

  void failed() {
    failures++;
  }

  int failures() {
    return failures;
  }

  /** The next wait may take up to this. */
  long boundMillis() {
    int doublings = Math.min(failures, Long.numberOfLeadingZeros(millisMin) - 1);
    return Math.min(millisMax, millisMin << doublings);
  }

  long nextMillis() {
    return random.nextLong(boundMillis() + 1);
  }
}
