package dev.replicator.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A directory of many files is deleted. */
record Delete(String name) implements Workload {
  private static final String DIRECTORY = "photos";

  @Override
  public Link.Kind link() {
    return Link.Kind.COUNTED;
  }

  @Override
  public String meaning(Size size) {
    return "a directory of %,d files is deleted by rm -r".formatted(size.directoryFiles())
        + ": time from its end until the second tree is identical, and bytes both ways";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.TREES);
  }

  @Override
  public void prepare(Path tree, Size size) throws IOException {
    Rename.fill(tree.resolve(DIRECTORY), size.directoryFiles());
  }

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    long crossed = trial.link().bytes();
    Shell.delete(trial.a().resolve(DIRECTORY));
    long ended = System.nanoTime();
    long identical = trial.identical(List.of(Check.absent(trial.b().resolve(DIRECTORY))));
    return List.of(
        Measure.seconds("identical after", identical - ended),
        Measure.bytes("on the wire", trial.link().bytes() - crossed));
  }
}
