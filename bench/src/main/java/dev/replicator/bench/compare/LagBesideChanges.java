package dev.replicator.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Files are measured while many others are written. */
record LagBesideChanges(String name) implements Workload {
  private static final String BUSY = "busy";
  private static final int CHANGES_PER_SECOND = 500;
  private static final int FILE_BYTES = 4 << 10;
  private static final int NAMES = 1_000;

  @Override
  public Link.Kind link() {
    return Link.Kind.DIRECT;
  }

  @Override
  public String meaning(Size size) {
    return "files of 64 KiB while %d files of 4 KiB are written in a second elsewhere in the tree:"
            .formatted(CHANGES_PER_SECOND)
        + " time from close until the file is whole on the second tree";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.LIVE, Trait.TREES);
  }

  @Override
  public void prepare(Path tree, Size size) throws IOException {
    Files.createDirectories(tree.resolve(Lag.DIRECTORY));
    Files.createDirectories(tree.resolve(BUSY));
  }

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    Lag.warmUp(trial);
    AtomicBoolean end = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    long began = System.nanoTime();
    Thread writer =
        Thread.ofPlatform()
            .daemon()
            .name("busy")
            .start(() -> write(trial.a().resolve(BUSY), end, written));
    Samples samples;
    long rate;
    try {
      samples = Lag.sample(trial, "image");
    } finally {
      end.set(true);
      rate = written.get() * 1_000_000_000L / (System.nanoTime() - began);
      join(writer);
    }
    trial.identical(List.of());
    List<Measure> measures = new ArrayList<>(samples.measures(""));
    measures.add(Measure.count("changes a second", rate));
    return measures;
  }

  private static void write(Path directory, AtomicBoolean end, AtomicInteger written) {
    SplittableRandom random = new SplittableRandom(7);
    byte[] content = new byte[FILE_BYTES];
    long began = System.nanoTime();
    try {
      while (!end.get()) {
        random.nextBytes(content);
        int number = written.getAndIncrement();
        Files.write(directory.resolve("item-" + number % NAMES), content);
        long next = began + (number + 1) * 1_000_000_000L / CHANGES_PER_SECOND;
        LockSupport.parkNanos(next - System.nanoTime());
      }
    } catch (IOException failure) {
      // The rate tells: it is printed beside the lag.
    }
  }

  private static void join(Thread writer) {
    try {
      writer.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
