package dev.replicator.bench.compare;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Files of 64 KiB are written one after the other while nothing else happens. */
record Lag(String name, Link.Kind link) implements Workload {
  static final String DIRECTORY = "uploads";

  private static final int FILE_BYTES = 64 << 10;
  private static final int WRITE_BYTES = 4 << 10;
  private static final int YOUNG_FILES = 1_000;
  private static final long YOUNG_NANOS = 15_000_000_000L;
  private static final long GROWN_NANOS = 60_000_000_000L;
  private static final long PAUSE_NANOS = 10_000_000;

  @Override
  public String meaning(Size size) {
    return "files of 64 KiB, one after the other: time from close on the first tree until the file"
        + " is whole on the second";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.LIVE);
  }

  @Override
  public void prepare(Path tree, Size size) throws IOException {
    Files.createDirectories(tree.resolve(DIRECTORY));
  }

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    boolean quick = warmUp(trial);
    Samples young = sample(trial, "image");
    if (!quick) {
      trial.identical(List.of());
      return young.measures("");
    }
    warmUp(trial, "grown-", trial.size().lagGrownFiles(), GROWN_NANOS);
    Samples grown = sample(trial, "photo");
    trial.identical(List.of());
    return Stream.of(grown.measures(""), young.measures(", the first thousand files"))
        .flatMap(List::stream)
        .toList();
  }

  /** Has a tool do what it is measured at; whether it came to a thousand files. */
  static boolean warmUp(Trial trial) throws IOException {
    return warmUp(trial, "warm-", YOUNG_FILES, YOUNG_NANOS);
  }

  private static boolean warmUp(Trial trial, String prefix, int files, long nanos)
      throws IOException {
    long end = System.nanoTime() + nanos;
    for (int i = 0; i < files; i++) {
      if (System.nanoTime() >= end) {
        return false;
      }
      var _ = one(trial, prefix + i);
    }
    return true;
  }

  static Samples sample(Trial trial, String prefix) throws IOException {
    Samples samples = new Samples();
    long end = System.nanoTime() + trial.size().lagSeconds() * 1_000_000_000L;
    for (int i = 0; i < trial.size().lagFiles() && System.nanoTime() < end; i++) {
      samples.add(one(trial, prefix + "-" + i));
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return samples;
  }

  /** The lag of one new file, which is written as WordPress writes: 4 KiB at a time. */
  static long one(Trial trial, String file) throws IOException {
    String name = DIRECTORY + "/" + file + ".jpg";
    byte[] content = trial.random(FILE_BYTES);
    try (OutputStream out = Files.newOutputStream(trial.a().resolve(name))) {
      for (int at = 0; at < content.length; at += WRITE_BYTES) {
        out.write(content, at, WRITE_BYTES);
      }
    }
    long closed = System.nanoTime();
    return trial.seen(name, content) - closed;
  }
}
