package dev.replicator.linux;

import dev.replicator.port.Clock;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A watcher by inotify: one instance, one watch per directory.
 *
 * <p>It tells of a file when its writer closed it, and of everything else at once. A writer through
 * a memory map is told when it unmaps. Other file systems mounted below the root are not watched.
 */
final class InotifyWatcher implements Watcher {
  private final Path root;
  private final Clock clock;
  private final WatchTiming timing;
  private final Object starting = new Object();
  private volatile @Nullable InotifySource source;
  private volatile @Nullable WatchThread thread;
  private volatile boolean closed;

  InotifyWatcher(Path root, Clock clock, WatchTiming timing) {
    this.root = root;
    this.clock = clock;
    this.timing = timing;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities("inotify", true, true);
  }

  @Override
  public List<String> notes() {
    @Nullable InotifySource started = source;
    return started == null ? List.of() : started.notes();
  }

  @Override
  public void start(Listener listener) throws IOException {
    synchronized (starting) {
      InotifySource opened = InotifySource.open(root, clock, timing, listener, () -> closed);
      WatchThread reader = WatchThread.over("inotify-" + root.getFileName(), opened);
      source = opened;
      opened.begin();
      thread = reader;
      reader.start();
    }
  }

  /** Before the start and after the end nothing is told, so there is nothing to wait for. */
  @Override
  public void cookie(Runnable seen) {
    @Nullable WatchThread reader = thread;
    if (reader == null) {
      seen.run();
    } else {
      reader.cookie(seen);
    }
  }

  @Override
  public void close() {
    closed = true;
    // A start that is under way sees it and comes to its end.
    synchronized (starting) {
      @Nullable WatchThread reader = thread;
      if (reader != null) {
        reader.close();
      }
    }
  }
}
