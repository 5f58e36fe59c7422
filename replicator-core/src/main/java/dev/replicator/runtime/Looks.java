package dev.replicator.runtime;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.model.Limits;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.port.TreeException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the disk for the replica: at single paths, at whole scopes, at the root itself. */
final class Looks {
  private static final Logger LOG = LoggerFactory.getLogger(Looks.class);
  private static final int BACKLOG_MAX = 4_096;
  private static final long BACKLOG_NANOS = 1_000_000;
  private static final int PATIENCE = 50;
  private static final long UNREADABLE_RETRY_MILLIS = 10_000;

  private final EngineParts parts;
  private final RootLoop loop;
  private final Timings timings;
  private final Inspector inspector;
  private final Executor workers;
  private final Executor waiters;
  private final Scanner scanner;
  private final AtomicBoolean checkingRoot = new AtomicBoolean();
  private volatile int backlog;
  private volatile long scanned;

  Looks(
      EngineParts parts,
      RootLoop loop,
      Timings timings,
      Inspector inspector,
      Executor workers,
      Executor waiters) {
    this.parts = parts;
    this.loop = loop;
    this.timings = timings;
    this.inspector = inspector;
    this.workers = workers;
    this.waiters = waiters;
    this.scanner = new Scanner(parts.tree(), parts.journal(), parts.filter(), loop::pinned);
  }

  Scanner scanner() {
    return scanner;
  }

  /** Entries compared by the scan that runs, or ran last. */
  long scanned() {
    return scanned;
  }

  void backlog(int looks) {
    backlog = looks;
  }

  /**
   * @param here whether a small file is read at once, on the root's thread
   */
  void inspect(Effect.Inspect effect, boolean here) {
    if (!here || !inspect(effect, PATIENCE, Limits.INLINE_BYTES_MAX)) {
      workers.execute(() -> inspect(effect, PATIENCE, Long.MAX_VALUE));
    }
  }

  /** Whether it was seen, or will be. */
  private boolean inspect(Effect.Inspect effect, int patience, long bytesMax) {
    long from = System.nanoTime();
    Inspector.Result result;
    try {
      result =
          inspector.inspect(
              effect.path(), effect.expected(), effect.reread(), patience > 0, bytesMax);
    } catch (RuntimeException broken) {
      LOG.error("cannot inspect {}", effect.path(), broken);
      result =
          new Inspector.Result.Seen(
              new Observation.Unreadable(
                  new Problem(Problem.Kind.INPUT_OUTPUT, broken.toString())));
    }
    return switch (result) {
      case Inspector.Result.Seen seen -> {
        if (seen.observation() instanceof Observation.Found) {
          timings.add("read", System.nanoTime() - from);
        }
        loop.post(new Event.Inspected(effect.path(), seen.observation()));
        yield true;
      }
      case Inspector.Result.Restless restless -> {
        loop.later(
            restless.millis(),
            () -> workers.execute(() -> inspect(effect, patience - 1, Long.MAX_VALUE)));
        yield true;
      }
      case Inspector.Result.Large large -> false;
    };
  }

  void scan(Effect.Scan effect) {
    boolean whole = false;
    try {
      whole = scanner.scan(effect, new Told());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      LOG.error("scan of {} failed", effect.scope(), broken);
    }
    boolean ended = whole;
    loop.post(new Event.ScanEnded(effect.scan(), ended));
  }

  /** Hands what a scan finds to the replica, no faster than it is worked off. */
  private final class Told implements Scanner.Findings {
    @Override
    public void differs(RelativePath path, Cause cause, boolean reread)
        throws InterruptedException {
      while (backlog > BACKLOG_MAX) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        LockSupport.parkNanos(BACKLOG_NANOS);
      }
      loop.post(new Event.Suspected(path, cause, 0, reread));
    }

    @Override
    public void compared(long entries) {
      scanned = entries;
    }

    @Override
    public void unreadable(RelativePath directory, TreeException failure) {
      LOG.warn("cannot read directory {}: {}", directory, failure.problem());
      loop.post(new Event.Unreadable(directory, failure.problem()));
      if (!directory.isRoot()) {
        loop.later(
            UNREADABLE_RETRY_MILLIS,
            () -> loop.step(new Event.ScopeSuspected(directory, Cause.SCAN)));
      }
    }
  }

  void checkRoot() {
    boolean itself = false;
    boolean empty = false;
    try {
      RootIdentity now = parts.tree().identity();
      itself = isPinned(now);
      empty = itself && parts.tree().list(RelativePath.ROOT).isEmpty();
    } catch (TreeException failure) {
      LOG.warn("root {}: {}", parts.name(), failure.problem());
    }
    loop.post(new Event.RootChecked(itself, empty));
  }

  private boolean isPinned(RootIdentity now) {
    return loop.pinned()
        .map(known -> known.device() == now.device() && known.inode() == now.inode())
        .orElse(false);
  }

  /** Looks at the root without a question of the replica, one look at a time. */
  void checkRootAside() {
    if (checkingRoot.compareAndSet(false, true)) {
      workers.execute(() -> {
        Optional<RootIdentity> seen = Optional.empty();
        try {
          seen = Optional.of(parts.tree().identity());
        } catch (TreeException missing) {
          LOG.debug("root {}: {}", parts.name(), missing.problem());
        }
        Optional<RootIdentity> now = seen;
        checkingRoot.set(false);
        loop.submit(() -> loop.rootSeen(now));
      });
    }
  }
}
