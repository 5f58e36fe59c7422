package dev.replicator.bench.compare;

import dev.replicator.bench.TreeGenerator;
import dev.replicator.bench.TreeProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A whole site is copied in. */
record Burst(String name, Link.Kind link) implements Workload {
  @Override
  public String meaning(Size size) {
    return "a WordPress tree is copied in by cp -r, then another: time from the end of the copy"
        + " until the second side is identical";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.TREES);
  }

  @Override
  public void prepare(Path tree, Size size) {}

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    List<Measure> measures = new ArrayList<>(copy(trial, "site", ""));
    if (!trial.link().counts()) {
      // By then a daemon that compiles while it runs has done so.
      trial.rest();
      measures.addAll(copy(trial, "second-site", "second, "));
    }
    return measures;
  }

  private static List<Measure> copy(Trial trial, String name, String prefix) throws IOException {
    Path source = trial.a().resolveSibling(name);
    TreeProfile profile = TreeProfile.named(trial.size().profile());
    TreeGenerator.Written written = new TreeGenerator(profile, name.hashCode()).writeInto(source);
    long crossed = trial.link().bytes();
    long processorNanos = trial.processorNanos();
    Child.run(List.of("cp", "-r", source.toString(), trial.a().resolve(name).toString()));
    long ended = System.nanoTime();
    List<Check> checks = new ArrayList<>();
    for (Path file : files(source)) {
      checks.add(trial.copied(Path.of(name).resolve(source.relativize(file))));
    }
    long identical = trial.identical(checks);
    List<Measure> measures = new ArrayList<>();
    measures.add(Measure.seconds(prefix + "identical after", identical - ended));
    if (trial.link().counts()) {
      measures.add(Measure.bytes("on the wire", trial.link().bytes() - crossed));
    }
    if (trial.has(Trait.LIVE)) {
      long used = trial.processorNanos() - processorNanos;
      measures.add(Measure.seconds(prefix + "processor of both sides", used));
    }
    measures.add(Measure.count(prefix + "files", written.files()));
    measures.add(Measure.count(prefix + "bytes", written.bytes()));
    return measures;
  }

  /** In the order in which they are stored, which is that of the copy. */
  private static List<Path> files(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
