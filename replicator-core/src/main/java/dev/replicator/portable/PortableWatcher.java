package dev.replicator.portable;

import dev.replicator.port.Watcher;
import io.methvin.watcher.DirectoryWatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watcher on the directory-watcher library, which watches every directory by itself.
 *
 * <p>It does not see a close, nor writes through a memory map, nor changes of the root directory's
 * own metadata. An overflow reaches us as an exception without a path, so any exception makes the
 * whole root suspect. A new directory on another file system is watched too: its looks tell.
 */
public final class PortableWatcher implements Watcher {
  private static final Logger log = LoggerFactory.getLogger(PortableWatcher.class);
  private static final long CLOSE_MILLIS_MAX = 900;

  private final Path root;
  private final ExecutorService executor;
  private volatile @Nullable Watching watching;
  private volatile boolean closed;

  /** One run of the library over the tree. */
  private record Watching(DirectoryWatcher library, DirectoryWalk walk) {}

  public PortableWatcher(Path root) {
    this.root = root;
    this.executor =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("watcher-" + root.getFileName()).factory());
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities("directory-watcher", false, false);
  }

  @Override
  public void start(Listener listener) throws IOException {
    Path real = root.toRealPath();
    WatcherHints hints = new WatcherHints(real, listener);
    DirectoryWalk walk =
        new DirectoryWalk(real.resolve(WatcherHints.OWN.toString()), hints::unseen);
    DirectoryWatcher library =
        DirectoryWatcher.builder()
            .path(real)
            .fileHashing(false)
            .fileTreeVisitor(walk)
            .listener(hints)
            .build();
    watching = new Watching(library, walk);
    CompletableFuture<Void> end = library.watchAsync(executor);
    if (end.isCompletedExceptionally()) {
      library.close();
      throw new IOException("cannot watch " + root, end.exceptionNow());
    }
    Future<?> unused = end.whenComplete((none, failure) -> ended(listener, failure));
  }

  private void ended(Listener listener, @Nullable Throwable failure) {
    if (!closed) {
      listener.failed(
          failure == null ? "no directory is left to watch" : "watcher ended: " + failure);
    }
  }

  @Override
  public void cookie(Runnable seen) {
    seen.run();
  }

  @Override
  public void close() {
    closed = true;
    Watching current = watching;
    if (current != null) {
      current.walk.stop();
      try {
        current.library.close();
      } catch (IOException failure) {
        log.warn("cannot close the watcher of {}: {}", root, failure.toString());
      }
    }
    executor.shutdown();
    try {
      if (!executor.awaitTermination(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
        log.warn("the watcher of {} is slow to end", root);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
