package dev.replicator.runtime;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.port.Watcher;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Brings what was put and appended to stable storage, and tells up to when that was told of. */
final class SyncWork {
  private static final long RETRY_MILLIS = 1_000;

  /** By then a scan tells of what a watcher does not see, or told out of its order. */
  private static final long SCANNED_MILLIS = 120_000;

  private final EngineParts parts;
  private final RootLoop loop;
  private final Executor workers;

  SyncWork(EngineParts parts, RootLoop loop, Executor workers) {
    this.parts = parts;
    this.loop = loop;
    this.workers = workers;
  }

  void begin(List<RelativePath> paths) {
    workers.execute(() -> sync(paths));
  }

  private void sync(List<RelativePath> paths) {
    // By the clock of the stamps that are compared to it.
    long started = parts.clock().wallMillis();
    Optional<RootIdentity> root = identity();
    try {
      Tree.Synced synced = parts.tree().sync(paths);
      parts.journal().sync();
      switch (synced) {
        case Tree.Synced.Done done -> loop.submit(() -> done(started, root, done.skipped()));
        case Tree.Synced.RootLost lost -> loop.submit(() -> rootLost(lost.problem(), paths));
        case Tree.Synced.Failed failed -> loop.submit(() -> failed(failed.problem()));
      }
    } catch (RuntimeException failure) {
      loop.submit(() -> {
        throw new LostWriteException(failure.toString());
      });
    }
  }

  /** What is kept with the root itself is on the disk, too, once it was synced. */
  private Optional<RootIdentity> identity() {
    try {
      return Optional.of(parts.tree().identity());
    } catch (TreeException missing) {
      return Optional.empty();
    }
  }

  private void done(long startedMillis, Optional<RootIdentity> root, List<RelativePath> skipped) {
    // Whatever hides them from us may have changed them.
    skipped.forEach(path -> loop.step(new Event.Suspected(path, Cause.SCAN, false)));
    loop.step(new Event.Synced(startedMillis, root));
    // Nobody waits for a watcher that has much to read.
    loop.watching().current().drained(() -> loop.submit(() -> told(startedMillis)));
  }

  private void told(long startedMillis) {
    if (loop.watching().isExact()) {
      loop.flush();
    }
    loop.step(new Event.Told(startedMillis - lateMillis()));
  }

  private void rootLost(Problem problem, List<RelativePath> paths) {
    loop.step(new Event.RootLost(problem));
    loop.later(RETRY_MILLIS, () -> begin(paths));
  }

  private void failed(Problem problem) {
    loop.step(new Event.SyncFailed());
    throw new LostWriteException(problem.toString());
  }

  private long lateMillis() {
    Watching watching = loop.watching();
    boolean sees = watching.isExact() && watching.current().notes().isEmpty();
    return sees ? Watcher.KEPT_BACK_MILLIS : SCANNED_MILLIS;
  }
}
