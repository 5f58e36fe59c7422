package dev.replicator.bench;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a lag run does.
 *
 * @param files written in each direction
 * @param ratePerSecond how many of them in a second
 * @param warmUpFiles written in each direction before, uncounted, one as soon as the other showed
 * @param json where the figures go besides the terminal
 * @param keep leaves the nodes' directories behind
 */
record LagOptions(
    int files,
    int sizeBytes,
    int ratePerSecond,
    int warmUpFiles,
    long seed,
    Optional<Path> json,
    boolean keep) {
  static LagOptions of(Arguments arguments) {
    LagOptions options =
        new LagOptions(
            Math.toIntExact(arguments.number("--files", 100)),
            Math.toIntExact(arguments.number("--size", 65_536)),
            Math.toIntExact(arguments.number("--rate", 5)),
            Math.toIntExact(arguments.count("--warm-up", 0)),
            arguments.number("--seed", 1),
            Optional.of(arguments.text("--json", "")).filter(s -> !s.isEmpty()).map(Path::of),
            arguments.flag("--keep"));
    arguments.end();
    return options;
  }
}
