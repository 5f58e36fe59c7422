package dev.replicator.runtime;

import dev.replicator.kernel.Outcome;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A crash may leave a half-staged file of any size, and which old content a leftover is only its
 * digest tells: to read it takes minutes in which users are not to wait for their root. So it is
 * read while the root is open, on a thread of its own that ends with the last of them. Each name
 * is taken up once; it goes when the vault has its content, and stays for the next start else. As
 * long as it is there nothing new gets its name.
 */

/** Brings what the last end left in staging to where it belongs. */
final class Rescue {
  private static final Logger LOG = LoggerFactory.getLogger(Rescue.class);

  private final DiskWork disk;
  private final ExecutorService reader;
  private final CountDownLatch over = new CountDownLatch(1);

  Rescue(String root, DiskWork disk) {
    this.disk = disk;
    this.reader =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("rescue-" + root).daemon().factory());
  }

  /**
   * Begins, and does nothing more later.
   *
   * @param ended takes how each exchange ended that a crash had cut off
   * @param afterwards runs when nothing is left to do
   */
  void start(
      List<Recovery.Underway> underway,
      SortedSet<String> unused,
      SortedSet<String> leftovers,
      BiConsumer<RelativePath, Outcome> ended,
      Runnable afterwards) {
    try {
      begin(underway, unused, leftovers, ended, afterwards);
    } catch (RejectedExecutionException ending) {
      LOG.debug("not rescued, the root ends");
    }
  }

  private void begin(
      List<Recovery.Underway> underway,
      SortedSet<String> unused,
      SortedSet<String> leftovers,
      BiConsumer<RelativePath, Outcome> ended,
      Runnable afterwards) {
    underway.forEach(it -> reader.execute(() -> ended.accept(it.path(), conclude(it))));
    unused.forEach(name -> reader.execute(() -> disk.discard(name)));
    leftovers.forEach(name -> reader.execute(() -> rescue(name)));
    reader.execute(this::gather);
    reader.execute(() -> {
      over.countDown();
      afterwards.run();
    });
    reader.shutdown();
  }

  /** The path was changed, whatever goes wrong now; what it held is kept for the next start. */
  private Outcome conclude(Recovery.Underway it) {
    try {
      return disk.conclude(it.path(), it.intent(), it.applied(), it.written());
    } catch (RuntimeException broken) {
      LOG.error("cannot keep what {} held before", it.path(), broken);
      return it.applied().actual().entry().isPresent()
          ? new Outcome.Placed(it.applied().stamp(), it.applied().actual())
          : new Outcome.Removed();
    }
  }

  private void rescue(String name) {
    try {
      disk.rescue(name);
    } catch (RuntimeException broken) {
      LOG.error("cannot bring {} out of staging", name, broken);
    }
  }

  private void gather() {
    try {
      disk.keeper().gather();
    } catch (RuntimeException broken) {
      LOG.error("cannot bring over what waits where staging was before", broken);
    }
  }

  /** Whether everything that was left is where it belongs. */
  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Stops what runs; what it did not come to is found by the next start. */
  void close() {
    reader.shutdownNow();
  }

  boolean awaitEnd(long millisMax) throws InterruptedException {
    return reader.awaitTermination(millisMax, TimeUnit.MILLISECONDS);
  }
}
