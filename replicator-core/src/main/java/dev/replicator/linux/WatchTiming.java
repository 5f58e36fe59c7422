package dev.replicator.linux;

import java.time.Duration;

/**
 * How long a watcher waits for what may never come.
 *
 * @param unclosed a new file is told after this at the latest, though nobody closed it
 * @param moved the second half of a move comes within this, or it went out of the root
 * @param blind what cannot be watched is told again after this
 */
record WatchTiming(Duration unclosed, Duration moved, Duration blind) {
  static final WatchTiming STANDARD =
      new WatchTiming(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofSeconds(30));
}
