package dev.replicator.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Small files are written while a large one is on its way. */
record LagBesideBulk(String name) implements Workload {
  private static final String BULK = "bulk.zip";

  @Override
  public Link.Kind link() {
    return Link.Kind.DIRECT;
  }

  @Override
  public String meaning(Size size) {
    return "files of 64 KiB while a file of %,d MiB is copied in and replicated: time from close"
            .formatted(size.bulkBytes() >> 20)
        + " until the small one is whole on the second tree; and when the large one is there";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.LIVE, Trait.TREES);
  }

  @Override
  public void prepare(Path tree, Size size) throws IOException {
    Files.createDirectories(tree.resolve(Lag.DIRECTORY));
  }

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    Path source = trial.a().resolveSibling(BULK);
    Delta.fill(source, trial.size().bulkBytes());
    Lag.warmUp(trial);
    Samples samples = new Samples();
    long began = System.nanoTime();
    Child copy =
        Child.start(
            source.resolveSibling("copy.log"),
            Map.of(),
            List.of("cp", source.toString(), trial.a().resolve(BULK).toString()));
    Path bulk = trial.b().resolve(BULK);
    long patience = began + trial.size().patienceSeconds() * 1_000_000_000L;
    for (int i = 0; !isThere(bulk, trial) && System.nanoTime() < patience; i++) {
      samples.add(Lag.one(trial, "image-" + i));
    }
    long there = System.nanoTime();
    copy.close();
    trial.identical(List.of());
    return List.of(
        Measure.milliseconds("p50", samples.percentile(50)),
        Measure.milliseconds("p99", samples.percentile(99)),
        Measure.count("files", samples.count()),
        Measure.seconds("bulk there after", there - began));
  }

  private static boolean isThere(Path bulk, Trial trial) {
    return bulk.toFile().length() == trial.size().bulkBytes();
  }
}
