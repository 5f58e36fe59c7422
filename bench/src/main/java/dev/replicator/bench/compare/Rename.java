package dev.replicator.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A directory of many files gets another name. */
record Rename(String name) implements Workload {
  private static final String BEFORE = "photos";
  private static final String AFTER = "pictures";
  private static final int FILE_BYTES = 10_000;

  @Override
  public Link.Kind link() {
    return Link.Kind.COUNTED;
  }

  @Override
  public String meaning(Size size) {
    return "a directory of %,d files of 10 kB is renamed".formatted(size.directoryFiles())
        + ": time until the second tree is identical, bytes both ways, and files that were written"
        + " anew";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.TREES);
  }

  @Override
  public void prepare(Path tree, Size size) throws IOException {
    fill(tree.resolve(BEFORE), size.directoryFiles());
  }

  static void fill(Path directory, int files) throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    Files.createDirectories(directory);
    byte[] content = new byte[FILE_BYTES];
    for (int i = 0; i < files; i++) {
      random.nextBytes(content);
      Files.write(directory.resolve("photo-" + i + ".jpg"), content);
    }
  }

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    Set<Inode> inodes = inodes(trial.b().resolve(BEFORE));
    long crossed = trial.link().bytes();
    Files.move(trial.a().resolve(BEFORE), trial.a().resolve(AFTER));
    long ended = System.nanoTime();
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < trial.size().directoryFiles(); i++) {
      checks.add(Check.present(trial.b().resolve(AFTER).resolve("photo-" + i + ".jpg")));
    }
    checks.add(Check.absent(trial.b().resolve(BEFORE)));
    long identical = trial.identical(checks);
    Set<Inode> fresh = inodes(trial.b().resolve(AFTER));
    fresh.removeAll(inodes);
    return List.of(
        Measure.seconds("identical after", identical - ended),
        Measure.bytes("on the wire", trial.link().bytes() - crossed),
        Measure.count("files written anew", fresh.size()));
  }

  /** A file system gives the number of a deleted inode away again: its birth tells them apart. */
  private record Inode(Object number, FileTime born) {}

  private static Set<Inode> inodes(Path directory) throws IOException {
    Set<Inode> inodes = new HashSet<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        FileTime born = Files.readAttributes(file, BasicFileAttributes.class).creationTime();
        inodes.add(new Inode(Files.getAttribute(file, "unix:ino"), born));
      }
    }
    return inodes;
  }
}
