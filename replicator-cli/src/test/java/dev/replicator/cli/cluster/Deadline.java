package dev.replicator.cli.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The end of somebody's patience. Other processes tell nobody in this one what they did, so a
 * condition on them is looked at again and again; this is the only place that rests in between.
 */
final class Deadline {
  private static final long REST_NANOS = 20_000_000;

  private final long endNanos;
  private final Duration length;

  private Deadline(Duration length) {
    this.length = length;
    this.endNanos = System.nanoTime() + length.toNanos();
  }

  static Deadline in(Duration length) {
    return new Deadline(length);
  }

  /** A condition on the outside, which may fail to be looked at. */
  interface Condition {
    boolean holds() throws Exception;
  }

  boolean isOver() {
    return System.nanoTime() - endNanos >= 0;
  }

  /** Returns once {@code condition} holds; fails with what {@code otherwise} tells at the end. */
  void await(String what, Condition condition, Supplier<String> otherwise) {
    while (!holds(condition)) {
      if (isOver()) {
        throw new AssertionError(
            "not within " + length.toSeconds() + " s: " + what + "\n" + otherwise.get());
      }
      rest();
    }
  }

  void await(String what, Condition condition) {
    await(what, condition, () -> "");
  }

  /** One short rest, for loops that also do something of their own. */
  static void rest() {
    LockSupport.parkNanos(REST_NANOS);
  }

  private static boolean holds(Condition condition) {
    try {
      return condition.holds();
    } catch (RuntimeException broken) {
      throw broken;
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }
}
