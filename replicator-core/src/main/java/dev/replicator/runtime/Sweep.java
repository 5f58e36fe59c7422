package dev.replicator.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjLongConsumer;

/*
 * One timer for all contents and none while there are none. A timer for each would hold as many
 * contents as a peer sends within its time.
 */

/** Drops contents that no change asked for. Thread-safe. */
final class Sweep {
  /** So long a change may take to follow its content; at most twice that until it is dropped. */
  static final long MILLIS = 10_000;

  private final ContentCache cache;
  private final EarlyStaging early;
  private final EarlyChunks chunks;
  private final ObjLongConsumer<Runnable> later;
  private final AtomicBoolean due = new AtomicBoolean();

  /**
   * @param later has a task run after so many milliseconds, on a thread that may wait for a disk
   */
  Sweep(
      ContentCache cache, EarlyStaging early, EarlyChunks chunks, ObjLongConsumer<Runnable> later) {
    this.cache = cache;
    this.early = early;
    this.chunks = chunks;
    this.later = later;
  }

  /** There is a content. */
  void begin() {
    if (due.compareAndSet(false, true)) {
      later.accept(this::run, MILLIS);
    }
  }

  private void run() {
    due.set(false);
    boolean cached = cache.sweep();
    boolean staged = early.sweep();
    boolean begun = chunks.sweep();
    if (cached || staged || begun) {
      begin();
    }
  }
}
