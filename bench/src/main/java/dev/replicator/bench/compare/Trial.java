package dev.replicator.bench.compare;

import dev.replicator.bench.BenchException;
import dev.replicator.bench.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** One workload with one tool: the two trees, and how to see that they are equal. */
final class Trial {
  /** A rest between two looks, so that looking does not take the processor from the tool. */
  private static final long REST_NANOS = 500_000;

  /** The same where a lag of a millisecond counts. */
  private static final long SHORT_REST_NANOS = 20_000;

  private static final long COMPARE_AGAIN_NANOS = 100_000_000;
  private static final long REST_BETWEEN_NANOS = 2_000_000_000;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final Site site;
  private final Tool tool;
  private final Pair pair;
  private final Size size;
  private final SplittableRandom random = new SplittableRandom(1);

  Trial(Site site, Tool tool, Pair pair, Size size) {
    this.site = site;
    this.tool = tool;
    this.pair = pair;
    this.size = size;
  }

  Path a() {
    return site.a();
  }

  Path b() {
    return site.b();
  }

  Link link() {
    return site.link();
  }

  Pair pair() {
    return pair;
  }

  Size size() {
    return size;
  }

  SplittableRandom random() {
    return random;
  }

  /** What the tool took of the processors so far, on both sides. */
  long processorNanos() throws IOException {
    return ProcessUse.of(pair.processes()).processorNanos();
  }

  boolean has(Trait trait) {
    return tool.traits().contains(trait);
  }

  boolean keepsTimes() {
    return switch (tool.promise().times()) {
      case NANOSECONDS, SECONDS -> true;
      case NOT_KEPT -> false;
    };
  }

  /** That {@code name} is on the second tree as it is now on the first. */
  Check copied(Path name) throws IOException {
    return Check.like(a().resolve(name), b().resolve(name), keepsTimes());
  }

  /**
   * The time at which the second tree was like the first: all {@code checks} held, and a comparison
   * of the whole found nothing. When it did, what it found went away until the time that is told.
   */
  long identical(List<Check> checks) throws IOException {
    pair.settle();
    long deadline = System.nanoTime() + size.patienceSeconds() * SECOND_NANOS;
    for (Check check : checks) {
      while (!check.holds()) {
        pause(REST_NANOS, deadline);
      }
    }
    long held = System.nanoTime();
    while (true) {
      List<String> differences = differences();
      if (differences.isEmpty()) {
        return held;
      }
      if (System.nanoTime() > deadline) {
        throw new BenchException("the trees differ: " + differences.getFirst());
      }
      pair.requireAlive();
      LockSupport.parkNanos(COMPARE_AGAIN_NANOS);
      held = System.nanoTime();
    }
  }

  /** A tree that changes while it is listed differs for now. */
  private List<String> differences() throws IOException {
    try {
      return Trees.differences(a(), b(), tool.promise());
    } catch (NoSuchFileException moved) {
      return List.of("gone while it was looked at: " + moved.getMessage());
    } catch (UncheckedIOException moved) {
      return List.of("gone while it was looked at: " + moved.getCause());
    }
  }

  /** The time at which {@code name} was seen whole on the second tree. */
  long seen(String name, byte[] content) throws IOException {
    Path file = b().resolve(name);
    long deadline = System.nanoTime() + size.patienceSeconds() * SECOND_NANOS;
    while (file.toFile().length() != content.length || !holds(file, content)) {
      pause(SHORT_REST_NANOS, deadline);
    }
    return System.nanoTime();
  }

  private static boolean holds(Path file, byte[] content) throws IOException {
    try {
      return Arrays.equals(Files.readAllBytes(file), content);
    } catch (NoSuchFileException replaced) {
      // Some tools take the old file away first.
      return false;
    }
  }

  private void pause(long nanos, long deadline) {
    if (System.nanoTime() > deadline) {
      pair.requireAlive();
      throw new BenchException("not there after " + size.patienceSeconds() + " s");
    }
    LockSupport.parkNanos(nanos);
  }

  /** Writes a file, waits until it is known that changes cross, and lets the tool come to rest. */
  void awaitLive() throws IOException {
    byte[] content = random(100);
    Files.write(a().resolve("canary"), content);
    pair.settle();
    var _ = seen("canary", content);
    rest();
  }

  /**
   * Lets pass what a tool still does about the change before. Some lose what is changed meanwhile,
   * which is not what this measures.
   */
  void rest() {
    if (has(Trait.LIVE)) {
      long end = System.nanoTime() + REST_BETWEEN_NANOS;
      for (long left = REST_BETWEEN_NANOS; left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  byte[] random(int length) {
    byte[] content = new byte[length];
    random.nextBytes(content);
    return content;
  }
}
