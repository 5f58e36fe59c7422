package dev.replicator.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** The same few files change all the time: also twice within a second at the same size. */
record Churn(String name) implements Workload {
  private static final String DIRECTORY = "cache";
  private static final int FILES = 200;
  private static final int FILE_BYTES = 4 << 10;
  private static final int CHANGES_PER_SECOND = 300;

  @Override
  public Link.Kind link() {
    return Link.Kind.DIRECT;
  }

  @Override
  public String meaning(Size size) {
    return "%d changes a second for %d s among %d files (written over at the same size, made,"
            .formatted(CHANGES_PER_SECOND, size.churnSeconds(), FILES)
        + " deleted, renamed): time from the last until the second tree is identical";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.TREES);
  }

  @Override
  public void prepare(Path tree, Size size) throws IOException {
    Files.createDirectories(tree.resolve(DIRECTORY));
    for (int i = 0; i < FILES; i++) {
      Files.write(tree.resolve(DIRECTORY).resolve("page-" + i), new byte[FILE_BYTES]);
    }
  }

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    Path directory = trial.a().resolve(DIRECTORY);
    List<Path> present = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      present.add(directory.resolve("page-" + i));
    }
    int changes = trial.size().churnSeconds() * CHANGES_PER_SECOND;
    long began = System.nanoTime();
    for (int i = 0; i < changes; i++) {
      change(trial, directory, present, i);
      long next = began + (i + 1) * 1_000_000_000L / CHANGES_PER_SECOND;
      LockSupport.parkNanos(next - System.nanoTime());
    }
    long ended = System.nanoTime();
    long identical = trial.identical(List.of());
    return List.of(
        Measure.seconds("identical after", identical - ended), Measure.count("changes", changes));
  }

  private static void change(Trial trial, Path directory, List<Path> present, int number)
      throws IOException {
    SplittableRandom random = trial.random();
    int which = random.nextInt(present.size());
    Path file = present.get(which);
    switch (random.nextInt(10)) {
      case 0 -> {
        Path made = directory.resolve("made-" + number);
        Files.write(made, trial.random(FILE_BYTES));
        present.add(made);
      }
      case 1 -> {
        Files.delete(file);
        present.remove(which);
      }
      case 2 -> {
        Path renamed = directory.resolve("renamed-" + number);
        Files.move(file, renamed, StandardCopyOption.ATOMIC_MOVE);
        present.set(which, renamed);
      }
      default -> Files.write(file, trial.random(FILE_BYTES));
    }
  }
}
