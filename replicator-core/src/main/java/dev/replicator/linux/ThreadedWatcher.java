package dev.replicator.linux;

import dev.replicator.port.Watcher;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A watcher with a source of events and a thread that reads it. */
abstract sealed class ThreadedWatcher implements Watcher permits InotifyWatcher, FanotifyWatcher {
  private final String name;
  private final String root;
  private final Object starting = new Object();
  private volatile WatchThread.@Nullable WatchSource source;
  private volatile @Nullable WatchThread thread;
  private volatile boolean closed;

  /**
   * @param name for people
   * @param root its last name, for the thread
   */
  ThreadedWatcher(String name, String root) {
    this.name = name;
    this.root = root;
  }

  /** Opens the source, which tells nothing any more once {@code closed}. */
  abstract WatchThread.WatchSource open(Listener listener, BooleanSupplier closed)
      throws IOException;

  @Override
  public final Capabilities capabilities() {
    return new Capabilities(name, true, true);
  }

  @Override
  public final List<String> notes() {
    WatchThread.@Nullable WatchSource started = source;
    return started == null ? List.of() : started.notes();
  }

  @Override
  public final void start(Listener listener) throws IOException {
    synchronized (starting) {
      // After a failure, or when another directory has the root's name by now.
      @Nullable WatchThread last = thread;
      if (last != null) {
        last.close();
      }
      WatchThread.WatchSource opened = open(listener, () -> closed);
      WatchThread reader = WatchThread.over(name + "-" + root, opened);
      try {
        opened.begin();
      } catch (IOException | RuntimeException failure) {
        reader.close();
        throw failure;
      }
      source = opened;
      thread = reader;
      reader.start();
    }
  }

  /** Before the start and after the end nothing is told, so there is nothing to wait for. */
  @Override
  public final void cookie(Runnable seen) {
    @Nullable WatchThread reader = thread;
    if (reader == null) {
      seen.run();
    } else {
      reader.cookie(seen);
    }
  }

  @Override
  public final void drained(Runnable told) {
    @Nullable WatchThread reader = thread;
    if (reader == null) {
      told.run();
    } else {
      reader.drained(told);
    }
  }

  @Override
  public final void close() {
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
