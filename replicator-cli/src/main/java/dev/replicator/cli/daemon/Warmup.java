package dev.replicator.cli.daemon;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Exercises what every change needs, so that the first ones are not slow: a fresh JVM takes some
 * ten milliseconds for a digest that later takes a tenth of one.
 */
public final class Warmup {
  private static final long MILLIS_MAX = 300;
  private static final int BLOCK_BYTES = 64 * 1_024;

  private final CountDownLatch done = new CountDownLatch(1);
  private final long startedNanos = System.nanoTime();

  private Warmup() {}

  /** Starts on a thread of its own. */
  public static Warmup begin() {
    return begin(List.of(Warmup::digest));
  }

  static Warmup begin(List<Exercise> exercises) {
    Warmup warmup = new Warmup();
    Thread.ofPlatform().name("warmup").daemon().start(() -> warmup.run(exercises));
    return warmup;
  }

  private void run(List<Exercise> exercises) {
    while (!isOver() && done.getCount() > 0) {
      exercises.forEach(Exercise::run);
    }
    done.countDown();
  }

  private boolean isOver() {
    return System.nanoTime() - startedNanos > TimeUnit.MILLISECONDS.toNanos(MILLIS_MAX);
  }

  /** Returns when it is over, at most {@link #MILLIS_MAX} after {@link #begin}. */
  public void await() throws InterruptedException {
    long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    boolean over = done.await(Math.max(0, MILLIS_MAX - spent), TimeUnit.MILLISECONDS);
    if (!over) {
      done.countDown();
    }
  }

  private static void digest() {
    try {
      MessageDigest.getInstance("SHA-256").digest(new byte[BLOCK_BYTES]);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** One thing to do again and again. */
  @FunctionalInterface
  interface Exercise {
    void run();
  }
}
