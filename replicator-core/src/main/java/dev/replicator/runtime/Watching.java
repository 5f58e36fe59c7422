package dev.replicator.runtime;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A watcher that died is blind for good, and one that was started on another directory watches that
 * one. So each of them is replaced: one that failed after a pause, that of a root which was lost
 * and found at once. Nobody sees what changes in between: the whole root is scanned after every
 * start, and now and then while none can be started. Generations tell what an old one still says
 * from what counts.
 */

/** Keeps a root watched. On the root's thread, but where noted. */
final class Watching {
  private static final Logger LOG = LoggerFactory.getLogger(Watching.class);
  private static final Duration SCAN_PAUSE = Duration.ofSeconds(30);
  private static final long RETRY_MILLIS_FIRST = 1_000;
  private static final long RETRY_MILLIS_MAX = 60_000;

  private final EngineParts parts;
  private final RootLoop loop;
  private final WatchInbox.Hints hints;
  private final Object changing = new Object();
  private volatile Watcher watcher;
  private volatile boolean closed;
  private volatile String blind = "";
  private long generation;
  private boolean begun;
  private boolean running;
  private boolean scanDue;
  private Optional<List<Runnable>> scansHeld = Optional.of(new ArrayList<>());
  private long retryMillis = RETRY_MILLIS_FIRST;

  Watching(EngineParts parts, RootLoop loop, WatchInbox.Hints hints) {
    this.parts = parts;
    this.loop = loop;
    this.hints = hints;
    this.watcher = parts.watchers().get();
  }

  /** The one that runs, is being started, or failed last; from any thread. */
  Watcher current() {
    return watcher;
  }

  /** Why nothing but a scan finds changes at present, "" when they are told; from any thread. */
  String blind() {
    return blind.isEmpty()
        ? ""
        : "changes are found by scanning every "
            + SCAN_PAUSE.toSeconds()
            + " s until the watcher runs: "
            + blind;
  }

  /** Whether all that happened before an answered cookie was told. */
  boolean isExact() {
    return running && !closed && watcher.capabilities().orderedQueue();
  }

  /** The first start. */
  void begin() {
    begun = true;
    start(false);
    new RegularScan(loop, parts.scanEvery().toMillis()).begin();
  }

  /** The root is another directory, or was not to be seen for a while. */
  void rootAccepted() {
    if (begun) {
      start(true);
    }
  }

  private void start(boolean fresh) {
    running = false;
    long mine = ++generation;
    Thread starter = new Thread(() -> start(mine, fresh), "watch-" + parts.name());
    starter.setDaemon(true);
    starter.start();
  }

  /** On a thread of its own: placing watches takes as long as the tree is large. */
  private void start(long mine, boolean fresh) {
    try {
      Watcher starting = fresh ? replace() : watcher;
      starting.start(new WatchInbox(loop::submit, new Generation(mine)));
      if (closed) {
        starting.close();
      }
      loop.submit(() -> started(mine));
    } catch (IOException | RuntimeException failure) {
      loop.submit(() -> failed(mine, String.valueOf(failure.getMessage())));
    }
  }

  private Watcher replace() throws IOException {
    synchronized (changing) {
      watcher.close();
      if (closed) {
        throw new IOException("the root ends");
      }
      watcher = parts.watchers().get();
      return watcher;
    }
  }

  /**
   * Runs a scan, the first ones only when the watcher was started, or failed to: what changed
   * before the watches were placed and meanwhile is found by one and the same.
   */
  void onceBegun(Runnable scan) {
    if (scansHeld.isPresent()) {
      scansHeld.get().add(scan);
    } else {
      scan.run();
    }
  }

  private void releaseScans() {
    Optional<List<Runnable>> held = scansHeld;
    scansHeld = Optional.empty();
    held.ifPresent(scans -> scans.forEach(Runnable::run));
  }

  private void started(long mine) {
    if (mine == generation) {
      running = true;
      blind = "";
      retryMillis = RETRY_MILLIS_FIRST;
      boolean first = scansHeld.isPresent();
      releaseScans();
      if (!first) {
        // What changed while the watches were being placed was seen by nobody.
        scan();
      }
    }
  }

  private void failed(long mine, String reason) {
    if (mine != generation || closed) {
      return;
    }
    running = false;
    releaseScans();
    if (!reason.equals(blind)) {
      blind = reason;
      hints.failed(reason);
    } else {
      LOG.debug("root {}: watcher failed again: {}", parts.name(), reason);
    }
    long pause = retryMillis;
    retryMillis = Math.min(2 * retryMillis, RETRY_MILLIS_MAX);
    loop.later(
        pause,
        () -> {
          if (mine == generation) {
            start(true);
          }
        });
    scanLater();
  }

  private void scanLater() {
    if (!scanDue) {
      scanDue = true;
      loop.later(
          SCAN_PAUSE.toMillis(),
          () -> {
            scanDue = false;
            if (!blind.isEmpty()) {
              scan();
              scanLater();
            }
          });
    }
  }

  private void scan() {
    loop.step(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
  }

  /** From any thread; nothing is told any more. */
  void close() {
    closed = true;
    synchronized (changing) {
      watcher.close();
    }
  }

  /** What one watcher says: its failure only counts while it is the current one. */
  private final class Generation implements WatchInbox.Hints {
    private final long mine;

    Generation(long mine) {
      this.mine = mine;
    }

    @Override
    public void hint(RelativePath path, Hint hint) {
      hints.hint(path, hint);
    }

    @Override
    public void written(RelativePath path, long inode) {
      hints.written(path, inode);
    }

    @Override
    public void suspect(RelativePath scope, String reason) {
      hints.suspect(scope, reason);
    }

    @Override
    public void failed(String reason) {
      Watching.this.failed(mine, reason);
    }
  }
}
