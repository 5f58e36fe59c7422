package dev.replicator.linux;

import dev.replicator.port.Clock;
import java.time.Duration;

/*
 * A write is no news by itself: who writes and closes is told by his close. So the queue of writes
 * is left alone for a while after the first of them came, and all that one file has in it by then
 * costs no more than one. It may run full meanwhile, and then the others in it are not heard; so
 * the fuller it was, the sooner it is read again.
 */

/** When a queue of writes is read. Used by one thread at a time. */
final class WritesPace {
  private static final long PAUSE_NANOS_MIN = 20_000_000;
  private static final int FACTOR = 4;

  private final Clock clock;
  private final long room;
  private final long pauseMax;
  private long pause;
  private boolean resting;
  private long dueNanos;

  /**
   * @param room how many events the queue takes
   */
  WritesPace(Clock clock, Duration pause, long room) {
    this.clock = clock;
    this.room = room;
    this.pauseMax = pause.toNanos();
    this.pause = pauseMax;
  }

  /** Whether the next write is waited for. */
  boolean isIdle() {
    return !resting;
  }

  /** There is a write in the queue. */
  void wrote() {
    if (!resting) {
      resting = true;
      dueNanos = clock.monotonicNanos() + pause;
    }
  }

  boolean isDue() {
    return resting && dueNanos - clock.monotonicNanos() <= 0;
  }

  /** The queue was read to its end. */
  void read(long events) {
    resting = false;
    if (events >= room / 2) {
      pause = Math.min(pause, Math.max(pause / FACTOR, PAUSE_NANOS_MIN));
    } else if (events <= room / (2 * FACTOR * FACTOR)) {
      pause = Math.min(pause * FACTOR, pauseMax);
    }
  }

  /** Nanoseconds until it is due, or the largest number. */
  long untilNanos() {
    return resting ? Math.max(0, dueNanos - clock.monotonicNanos()) : Long.MAX_VALUE;
  }
}
