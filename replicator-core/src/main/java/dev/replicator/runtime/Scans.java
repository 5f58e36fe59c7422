package dev.replicator.runtime;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A scan of a whole tree has threads of its own, as many as there are cores: it never waits, so on
 * a virtual thread it would keep the few carriers from everything that does. They end when there is
 * nothing to do. What a watcher asks for is small and goes first: it does not queue behind.
 */

/** Runs the scans of one root and hands what they find to the replica. */
final class Scans {
  private static final Logger LOG = LoggerFactory.getLogger(Scans.class);
  private static final long BACKLOG_NANOS = 1_000_000;
  private static final long UNREADABLE_RETRY_MILLIS = 10_000;

  /** The others wait for the next scan of all. */
  private static final int RETRIED_MAX = 1_024;

  private static final int THREADS_MAX = 4;
  private static final long IDLE_SECONDS = 10;

  private final String name;
  private final RootLoop loop;
  private final Scanner scanner;
  private final Executor small;
  private final ThreadPoolExecutor large;
  private final Scanner.Crew crew;

  private final ScanPace pace = new ScanPace();

  /** Directories that are listed again in a moment, however many scans could not. */
  private final Set<RelativePath> retried = ConcurrentHashMap.newKeySet();

  private final long openedNanos = System.nanoTime();

  /** Of the root's thread. */
  private boolean live;

  private final AtomicLong compared = new AtomicLong();

  /**
   * @param small runs the scans that a watcher asks for
   * @param young what is read again though its stamp is as before
   */
  Scans(EngineParts parts, RootLoop loop, Executor small, YoungReads young) {
    this.name = parts.name();
    this.loop = loop;
    this.small = small;
    Unfinished unfinished = new Unfinished(parts.tree(), parts.clock(), loop.quietMillis() == 0);
    this.scanner =
        new Scanner(parts.tree(), parts.journal(), parts.filter(), loop::pinned, unfinished, young);
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, THREADS_MAX);
    this.large =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("scan-" + name + "-", 0).daemon().factory());
    large.allowCoreThreadTimeOut(true);
    this.crew = new Scanner.Crew(large, threads - 1);
  }

  /** Entries compared by the scan of the whole root that runs, or ran last. */
  long compared() {
    return compared.get();
  }

  /**
   * After each step of the replica.
   *
   * @param looks that it has still to take
   * @param found those of them that scans asked for
   * @param taken whether all that the first scan found was taken in
   */
  void stepped(int looks, int found, boolean taken) {
    pace.stepped(looks, found);
    if (taken && !live) {
      live = true;
      LOG.info("root {}: live after {} ms", name, millisSince(openedNanos));
    }
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  void run(Effect.Scan effect) {
    boolean watched = effect.cause() == Cause.WATCH;
    try {
      (watched ? small : large).execute(() -> scan(effect, watched ? Scanner.Crew.NONE : crew));
    } catch (RejectedExecutionException ending) {
      LOG.debug("not scanned, the root ends");
    }
  }

  private void scan(Effect.Scan effect, Scanner.Crew with) {
    long from = System.nanoTime();
    boolean whole = false;
    boolean root = effect.scope().isRoot();
    if (root) {
      compared.set(0);
    }
    try {
      whole = scanner.scan(effect, new Told(), with);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError broken) {
      LOG.error("scan of {} failed", effect.scope(), broken);
    }
    if (root) {
      LOG.info("root {}: {} entries compared in {} ms", name, compared.get(), millisSince(from));
    }
    loop.post(new Event.ScanEnded(effect.scan(), whole));
  }

  /** Counts what differs without telling it, for a dry run. */
  long count(RelativePath scope) throws InterruptedException {
    return scanner.count(scope);
  }

  /** Ends what runs; {@link #awaitEnd} waits for it. */
  void close() {
    large.shutdownNow();
  }

  boolean awaitEnd(long millisMax) throws InterruptedException {
    return large.awaitTermination(millisMax, TimeUnit.MILLISECONDS);
  }

  private void listAgain(RelativePath directory) {
    retried.remove(directory);
    loop.step(new Event.ScopeSuspected(directory, Cause.SCAN));
  }

  /** Hands what a scan finds to the replica, no faster than it is worked off. */
  private final class Told implements Scanner.Findings {
    @Override
    public void differs(RelativePath path, Cause cause, boolean reread)
        throws InterruptedException {
      while (pace.holdsBack(cause)) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        LockSupport.parkNanos(BACKLOG_NANOS);
      }
      pace.told();
      Event differing = new Event.Suspected(path, cause, reread, true);
      loop.outcomes().tell(List.of(), differing, pace::taken);
    }

    @Override
    public void unclosed(RelativePath path) {
      loop.post(new Event.Unclosed(path));
    }

    @Override
    public void compared(long entries) {
      compared.addAndGet(entries);
    }

    @Override
    public void unreadable(RelativePath directory, TreeException failure) {
      LOG.warn("cannot read directory {}: {}", directory, failure.problem());
      loop.post(new Event.Unreadable(directory, failure.problem()));
      if (!directory.isRoot() && retried.size() < RETRIED_MAX && retried.add(directory)) {
        loop.later(UNREADABLE_RETRY_MILLIS, () -> listAgain(directory));
      }
    }
  }
}
