package dev.replicator.bench.compare;

import dev.replicator.bench.UploadsTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Two trees are compared in full, as a command. */
record Resync(String name) implements Workload {
  private static final int FILE_BYTES = 4 << 10;
  private static final int FILES_PER_CHANGE = 1_000;

  @Override
  public Link.Kind link() {
    return Link.Kind.DIRECT;
  }

  @Override
  public String meaning(Size size) {
    return "two trees of %,d files are compared in full, once as they are and once after 0.1 %% of"
            .formatted(size.resyncFiles())
        + " them changed: wall time of the command; with and without a daemon on its side";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.TREES, Trait.RESYNC);
  }

  @Override
  public void prepare(Path tree, Size size) throws IOException {
    UploadsTree.writeInto(tree, size.resyncFiles(), FILE_BYTES, 6);
  }

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    long equal = resync(trial);
    trial.pair().halt();
    long alone = resync(trial);
    int changes = change(trial);
    long changed = resync(trial);
    trial.identical(List.of());
    trial.pair().start();
    return List.of(
        Measure.seconds("equal", equal),
        Measure.seconds("equal, no daemon", alone),
        Measure.seconds("0.1 % changed, no daemon", changed),
        Measure.count("changed", changes));
  }

  private static long resync(Trial trial) throws IOException {
    long began = System.nanoTime();
    trial.pair().resync();
    return System.nanoTime() - began;
  }

  private static int change(Trial trial) throws IOException {
    int changed = 0;
    int seen = 0;
    try (Stream<Path> all = Files.walk(trial.a().resolve("uploads"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (seen++ % FILES_PER_CHANGE == 0) {
          Files.write(file, trial.random(FILE_BYTES));
          changed++;
        }
      }
    }
    return changed;
  }
}
