package dev.replicator.cli.config;

import java.nio.file.Path;
import java.util.Optional;

/** Where the paths of roots lead once the daemon runs: a link on the way may have been changed. */
public final class RootPlaces {
  private RootPlaces() {}

  /** Why what is at the path of {@code root} now must not become the root; empty where it may. */
  public static Optional<String> objection(Configuration configuration, RootConfig root) {
    Path there = RootChecks.real(root.given());
    String leads = root.given() + " leads to " + there + " now, which ";
    if (RootChecks.isSystem(there)) {
      return Optional.of(leads + "belongs to the system");
    }
    if (overlap(there, RootChecks.real(configuration.node().state()))) {
      return Optional.of(leads + "lies in or around the state directory");
    }
    return configuration.roots().stream()
        .filter(other -> !other.name().equals(root.name()))
        .filter(other -> overlap(there, RootChecks.real(other.given())))
        .map(other -> leads + "lies in or around root " + other.name())
        .findFirst();
  }

  private static boolean overlap(Path one, Path other) {
    return one.startsWith(other) || other.startsWith(one);
  }
}
