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

  /** One that tells of writes without a close as well, where this process may use fanotify. */
  public static Watcher whichever(Path root, Clock clock) {
    return new LinuxWatcher(root, clock, Integer.MAX_VALUE, 0);
  }
}
