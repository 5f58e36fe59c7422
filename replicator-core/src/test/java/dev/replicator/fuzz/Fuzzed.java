package dev.replicator.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Properties that targets check of what a decoder does. */
public final class Fuzzed {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final long ALLOCATED_BYTES_MAX = 24L * 1_024 * 1_024;

  private Fuzzed() {}

  /** Something that decodes, or refuses with its own checked answer. */
  @FunctionalInterface
  public interface Decoding {
    void run();
  }

  /** Fails when {@code decoding} takes much more memory than any honest value of a few KiB. */
  public static void bounded(Decoding decoding) {
    bounded(ALLOCATED_BYTES_MAX, decoding);
  }

  /** The same with another bound. */
  public static void bounded(long bytesMax, Decoding decoding) {
    // Classes that are loaded and instrumented on the way cost much, but only once.
    if (allocated(decoding) > bytesMax) {
      long again = allocated(decoding);
      holds(again <= bytesMax, again + " bytes were allocated");
    }
  }

  private static long allocated(Decoding decoding) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    decoding.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** Fails unless a value is the same after it was encoded and decoded again. */
  public static void same(Object value, Object again) {
    if (!value.equals(again)) {
      throw new AssertionError("became another value:\n" + value + "\n" + again);
    }
  }

  /** Fails unless a property holds. */
  public static void holds(boolean property, String otherwise) {
    if (!property) {
      throw new AssertionError(otherwise);
    }
  }
}
