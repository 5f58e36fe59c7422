package dev.replicator.bench;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a scan run does.
 *
 * @param files in the tree
 * @param in directory whose tree and journal an earlier run left, or that keeps those of this one
 */
record ScanOptions(int files, int sizeBytes, long seed, Optional<Path> json, Optional<Path> in) {
  static ScanOptions of(Arguments arguments) {
    ScanOptions options =
        new ScanOptions(
            Math.toIntExact(arguments.number("--files", 100_000)),
            Math.toIntExact(arguments.number("--size", 100)),
            arguments.number("--seed", 1),
            path(arguments.text("--json", "")),
            path(arguments.text("--in", "")));
    arguments.end();
    return options;
  }

  private static Optional<Path> path(String text) {
    return Optional.of(text).filter(s -> !s.isEmpty()).map(Path::of);
  }
}
