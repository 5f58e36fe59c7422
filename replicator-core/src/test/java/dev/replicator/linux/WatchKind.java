package dev.replicator.linux;

import dev.replicator.host.MachineClock;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;

/** Both watchers of Linux, for tests of what they have in common. */
enum WatchKind {
  INOTIFY("inotify", "fs.inotify.max_queued_events"),
  FANOTIFY("fanotify", "fs.fanotify.max_queued_events");

  private static final long PATIENCE_SECONDS = 120;

  final String text;
  final String queueSetting;

  WatchKind(String text, String queueSetting) {
    this.text = text;
    this.queueSetting = queueSetting;
  }

  /** One that has no limit of its own. */
  Watcher over(Path root) {
    return switch (this) {
      case INOTIFY ->
          new InotifyWatcher(root, MachineClock.open(), WatchTiming.STANDARD, Integer.MAX_VALUE);
      case FANOTIFY ->
          new FanotifyWatcher(root, MachineClock.open(), WatchTiming.STANDARD, 0, true);
    };
  }

  static void start(Watcher watcher, Watcher.Listener listener) {
    try {
      watcher.start(listener);
    } catch (IOException refusal) {
      Assumptions.abort(String.valueOf(refusal.getMessage()));
    }
  }

  /** Returns once all that happened before was told. */
  static void await(Watcher watcher) throws InterruptedException, TimeoutException {
    CountDownLatch seen = new CountDownLatch(1);
    watcher.cookie(seen::countDown);
    if (!seen.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new TimeoutException("a cookie was not answered");
    }
  }
}
