package dev.replicator.cli.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The administrator's configuration, complete and checked.
 *
 * @param file the main file; others were read from {@code conf.d} beside it
 * @param peers those written in the files; learned ones are in the {@link PeerStore}
 */
public record Configuration(
    Path file, NodeConfig node, List<RootConfig> roots, List<PeerConfig> peers) {
  public Configuration {
    roots = List.copyOf(roots);
    peers = List.copyOf(peers);
  }

  public Optional<RootConfig> root(String name) {
    return roots.stream().filter(root -> root.name().equals(name)).findFirst();
  }
}
