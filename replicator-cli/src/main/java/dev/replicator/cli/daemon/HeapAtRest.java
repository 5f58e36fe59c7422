package dev.replicator.cli.daemon;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The serial collector takes memory while there is work and gives none back: it collects when an
 * allocation finds no room, and a node at rest allocates next to nothing. So what a burst took
 * stays resident for days, beside the PHP that it would be of use to. One full collection gives it
 * back.
 */

/** Has the heap collected and made small once the node comes to rest. */
public final class HeapAtRest implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeapAtRest.class);
  private static final long PERIOD_SECONDS = 10;

  /** A node at rest allocates a tenth of that in a period; five small files a second, thrice. */
  static final long REST_BYTES_MAX = 4L * 1024 * 1024;

  /** A collection stops the node for some 50 ms: not for less than that. */
  static final long WORTH_BYTES_MIN = 32L * 1024 * 1024;

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().name("heap-at-rest").daemon().unstarted(this::run);

  /**
   * What is known at one moment.
   *
   * @param allocatedBytes by all threads since the start
   * @param committedBytes of the heap, resident or nearly so
   */
  record Reading(long allocatedBytes, long committedBytes) {
    static Reading take() {
      // Of every JVM that this program runs on.
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      return new Reading(
          threads.getTotalThreadAllocatedBytes(),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted());
    }

    /** Whether a collection is worth it a period after {@code before}. */
    boolean isWorthCollecting(Reading before, long committedLeast) {
      return allocatedBytes - before.allocatedBytes <= REST_BYTES_MAX
          && committedBytes - committedLeast >= WORTH_BYTES_MIN;
    }
  }

  private HeapAtRest() {}

  /** Begins to look. */
  public static HeapAtRest watch() {
    HeapAtRest heap = new HeapAtRest();
    heap.thread.start();
    return heap;
  }

  private void run() {
    try {
      Reading before = Reading.take();
      // What is still committed after a collection is what the node needs.
      long committedLeast = 0;
      while (!stopping.await(PERIOD_SECONDS, TimeUnit.SECONDS)) {
        Reading now = Reading.take();
        if (now.isWorthCollecting(before, committedLeast)) {
          System.gc();
          committedLeast = Reading.take().committedBytes();
          LOG.debug("heap at rest: {} instead of {} bytes", committedLeast, now.committedBytes());
        }
        before = now;
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopping.countDown();
  }
}
