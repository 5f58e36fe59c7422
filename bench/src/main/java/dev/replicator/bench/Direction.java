package dev.replicator.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The lags of one direction. The first files are counted apart: the daemons still compile and load
 * then.
 */
record Direction(String from, String to, Figures cold, Figures warm) {
  private static final int COLD_FILES = 20;
  private static final int WRITE_BYTES = 4_096;

  static Direction measure(Node from, Node to, LagOptions options) throws IOException {
    Histogram cold = new Histogram(3);
    Histogram warm = new Histogram(3);
    SplittableRandom random = new SplittableRandom(options.seed() + from.name().hashCode());
    Path source = Files.createDirectories(from.root().resolve("uploads/from-" + from.name()));
    Path target = to.root().resolve("uploads/from-" + from.name());
    long interval = 1_000_000_000L / options.ratePerSecond();
    long next = System.nanoTime();
    for (int i = 0; i < options.files(); i++) {
      byte[] content = new byte[options.sizeBytes()];
      random.nextBytes(content);
      rest(next);
      String name = "image-" + i + ".jpg";
      long closed = write(source.resolve(name), content);
      long lag = Probe.seen(target.resolve(name), content) - closed;
      (i < COLD_FILES ? cold : warm).recordValue(Math.max(0, lag) / 1_000);
      next = Math.max(next + interval, closed);
    }
    return new Direction(from.name(), to.name(), Figures.of(cold), Figures.of(warm));
  }

  /** Has the daemons do what they are measured at, until they are as they are after days. */
  static void warmUp(Node from, Node to, LagOptions options) throws IOException {
    SplittableRandom random = new SplittableRandom(options.seed());
    Path source = Files.createDirectories(from.root().resolve("uploads/warm-" + from.name()));
    Path target = to.root().resolve("uploads/warm-" + from.name());
    byte[] content = new byte[options.sizeBytes()];
    for (int i = 0; i < options.warmUpFiles(); i++) {
      random.nextBytes(content);
      String name = "image-" + i + ".jpg";
      write(source.resolve(name), content);
      Probe.seen(target.resolve(name), content);
    }
  }

  /** As WordPress writes: under the final name, 4 KiB at a time. The time is that of close. */
  private static long write(Path file, byte[] content) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int at = 0; at < content.length; at += WRITE_BYTES) {
        out.write(content, at, Math.min(WRITE_BYTES, content.length - at));
      }
    }
    return System.nanoTime();
  }

  private static void rest(long until) {
    long left = until - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = until - System.nanoTime();
    }
  }
}
