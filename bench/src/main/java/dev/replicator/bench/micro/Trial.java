package dev.replicator.bench.micro;

import dev.replicator.linux.LinuxTree;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory of a thousand small files, and the tree of Linux over it. */
final class Trial implements AutoCloseable {
  static final int FILES = 1_000;
  private static final int BYTES = 100;

  final Path home;
  final Path root;
  final Tree tree;

  private Trial(Path home, Path root, Tree tree) {
    this.home = home;
    this.root = root;
    this.tree = tree;
  }

  static Trial create() throws IOException, TreeException {
    Path home = Files.createTempDirectory("replicator-micro-");
    Path root = Files.createDirectories(home.resolve("root"));
    for (int i = 0; i < FILES; i++) {
      Files.write(root.resolve(name(i)), new byte[BYTES]);
    }
    Path state = Files.createDirectories(home.resolve("state"));
    return new Trial(home, root, LinuxTree.open(root, state));
  }

  static String name(int number) {
    return "photo-" + number + "-1024x768.jpg";
  }

  @Override
  public void close() throws IOException {
    tree.close();
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
