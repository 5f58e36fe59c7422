package dev.replicator.linux;

import dev.replicator.port.Clock;
import dev.replicator.port.Watcher;
import java.nio.file.Path;

/** Watchers that also tell of what the test's own process does. */
public final class TestWatchers {
  private TestWatchers() {}

  public static Watcher inotify(Path root, Clock clock) {
    return new InotifyWatcher(root, clock, WatchTiming.STANDARD, Integer.MAX_VALUE);
  }
}
