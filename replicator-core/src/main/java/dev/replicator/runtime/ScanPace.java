package dev.replicator.runtime;

import dev.replicator.kernel.Cause;
import java.util.concurrent.atomic.AtomicInteger;

/** How fast scans may tell what they find: no faster than it is worked off. Thread-safe. */
final class ScanPace {
  static final int BACKLOG_MAX = 4_096;

  /** What is on the way to the replica, which does not know of it. */
  private final AtomicInteger told = new AtomicInteger();

  private volatile int looks;
  private volatile int found;

  /**
   * After each step of the replica.
   *
   * @param waiting looks that it has still to take
   * @param ofScans those of them that scans asked for
   */
  void stepped(int waiting, int ofScans) {
    looks = waiting;
    found = ofScans;
  }

  /** Something that was found is on the way. */
  void told() {
    told.incrementAndGet();
  }

  /** It has come. */
  void taken() {
    told.decrementAndGet();
  }

  /**
   * Whether what a scan found has to wait. What it found for {@link Cause#SCAN} waits for its own
   * kind alone, which always gets its share of the looks: users who change paths without a pause
   * never hold it up.
   */
  boolean holdsBack(Cause cause) {
    int ahead = cause == Cause.SCAN ? found : looks;
    return ahead + told.get() > BACKLOG_MAX;
  }
}
