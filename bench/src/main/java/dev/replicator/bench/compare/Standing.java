package dev.replicator.bench.compare;

import dev.replicator.bench.UploadsTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Nothing happens in a large tree, and then a daemon is started again. */
record Standing(String name) implements Workload {
  private static final int FILE_BYTES = 100;

  /** What follows a start is over by then: compiling, a rehearsal, a collection at rest. */
  private static final long SETTLE_NANOS = 30_000_000_000L;

  private static final long IDLE_NANOS = 10_000_000_000L;

  @Override
  public Link.Kind link() {
    return Link.Kind.DIRECT;
  }

  @Override
  public String meaning(Size size) {
    return "over two equal trees of %,d files: resident memory of the larger side and processor"
            .formatted(size.standingFiles())
        + " time of both until changes cross, processor time while nothing happens, and how long"
        + " after its start the first side is ready and a change crosses";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.LIVE, Trait.TREES);
  }

  @Override
  public void prepare(Path tree, Size size) throws IOException {
    UploadsTree.writeInto(tree, size.standingFiles(), FILE_BYTES, 8);
  }

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    List<Measure> measures = new ArrayList<>();
    LockSupport.parkNanos(SETTLE_NANOS);
    ProcessUse before = ProcessUse.of(trial.pair().processes());
    LockSupport.parkNanos(IDLE_NANOS);
    ProcessUse after = ProcessUse.of(trial.pair().processes());
    double idle = 100.0 * (after.processorNanos() - before.processorNanos()) / IDLE_NANOS;
    measures.add(
        new Measure("resident memory", Unit.MEBIBYTES, after.residentKibibytes() / 1_024.0));
    measures.add(Measure.seconds("processor until live", before.processorNanos()));
    measures.add(new Measure("idle", Unit.PERCENT, idle));
    trial.pair().halt();
    byte[] content = trial.random(FILE_BYTES);
    long began = System.nanoTime();
    trial.pair().start();
    if (trial.has(Trait.TELLS_READY)) {
      measures.add(Measure.seconds("ready after restart", System.nanoTime() - began));
    }
    Files.write(trial.a().resolve("after-restart"), content);
    long crossed = trial.seen("after-restart", content);
    measures.add(Measure.seconds("first change after restart", crossed - began));
    return measures;
  }
}
