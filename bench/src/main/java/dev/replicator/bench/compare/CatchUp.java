package dev.replicator.bench.compare;

import dev.replicator.bench.UploadsTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** The second machine is away while the first changes, and comes back. */
record CatchUp(String name) implements Workload {
  private static final int FILES_PER_CHANGE = 10;
  private static final int FILE_BYTES = 4 << 10;

  @Override
  public Link.Kind link() {
    return Link.Kind.COUNTED;
  }

  @Override
  public String meaning(Size size) {
    return "while the second side is stopped, %,d of %,d files change (5 of 10 written, 3 made, 1"
            .formatted(size.awayChanges(), size.awayChanges() * FILES_PER_CHANGE)
        + " deleted, 1 renamed): time from its start until it is identical, and bytes both ways";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.TREES);
  }

  @Override
  public void prepare(Path tree, Size size) throws IOException {
    UploadsTree.writeInto(tree, size.awayChanges() * FILES_PER_CHANGE, FILE_BYTES, 4);
  }

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    List<Path> files = shuffled(trial.a());
    trial.pair().leave();
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < trial.size().awayChanges(); i++) {
      checks.addAll(change(trial, files.get(i), i));
    }
    long crossed = trial.link().bytes();
    long began = System.nanoTime();
    trial.pair().comeBack();
    long identical = trial.identical(checks);
    return List.of(
        Measure.seconds("identical after", identical - began),
        Measure.bytes("on the wire", trial.link().bytes() - crossed),
        Measure.count("changes", trial.size().awayChanges()));
  }

  private static List<Path> shuffled(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree.resolve("uploads"))) {
      List<Path> files = new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
      Collections.shuffle(files, new Random(5));
      return files;
    }
  }

  private static List<Check> change(Trial trial, Path file, int number) throws IOException {
    Path name = trial.a().relativize(file);
    return switch (number % 10) {
      case 0 -> {
        Files.delete(file);
        yield List.of(Check.absent(trial.b().resolve(name)));
      }
      case 1 -> {
        Path renamed = file.resolveSibling("renamed-" + number);
        Files.move(file, renamed);
        yield List.of(
            trial.copied(trial.a().relativize(renamed)), Check.absent(trial.b().resolve(name)));
      }
      case 2, 3, 4 -> {
        Path made = file.resolveSibling("made-" + number);
        Files.write(made, trial.random(FILE_BYTES));
        yield List.of(trial.copied(trial.a().relativize(made)));
      }
      default -> {
        Files.write(file, trial.random(FILE_BYTES));
        yield List.of(trial.copied(name));
      }
    };
  }
}
