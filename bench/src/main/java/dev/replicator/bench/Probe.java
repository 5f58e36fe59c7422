package dev.replicator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sees when a file shows under its name with the expected content. It looks again and again, with a
 * short rest so that it does not take the processor from those whom it measures; how long one look
 * takes is the floor of every figure.
 */
final class Probe {
  private static final long REST_NANOS = 20_000;
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final int FLOOR_LOOKS = 2_000;

  private Probe() {}

  /** The time, as of {@link System#nanoTime}, at which {@code file} was seen whole. */
  static long seen(Path file, byte[] expected) throws IOException {
    long began = System.nanoTime();
    while (true) {
      if (file.toFile().length() == expected.length
          && Arrays.equals(Files.readAllBytes(file), expected)) {
        return System.nanoTime();
      }
      if (System.nanoTime() - began > PATIENCE_NANOS) {
        throw new BenchException(file + " did not show within 30 s");
      }
      LockSupport.parkNanos(REST_NANOS);
    }
  }

  /** How far apart two looks are. */
  static Figures floor(Path absent) {
    Histogram histogram = new Histogram(3);
    long before = System.nanoTime();
    for (int i = 0; i < FLOOR_LOOKS; i++) {
      if (absent.toFile().length() != 0) {
        throw new BenchException(absent + " exists");
      }
      LockSupport.parkNanos(REST_NANOS);
      long now = System.nanoTime();
      histogram.recordValue((now - before) / 1_000);
      before = now;
    }
    return Figures.of(histogram);
  }
}
