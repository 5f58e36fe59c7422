package dev.replicator.cli.daemon;

import dev.replicator.cli.config.ConfigError;
import dev.replicator.cli.config.ConfigReader;
import dev.replicator.cli.config.ConfigResult;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.NodeConfig;
import dev.replicator.cli.config.PeerBook;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.control.MessageJson;
import dev.replicator.cli.exit.Failure;
import dev.replicator.runtime.ReplicatedRoot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes up what changed in files while the daemon runs: all of it or, with an error, nothing. */
final class Reload {
  private final Configuration running;
  private final StateDirectory state;
  private final Network network;
  private final SortedMap<String, ReplicatedRoot> roots;
  private Configuration latest;

  Reload(
      Configuration running,
      StateDirectory state,
      Network network,
      SortedMap<String, ReplicatedRoot> roots) {
    this.running = running;
    this.state = state;
    this.network = network;
    this.roots = roots;
    this.latest = running;
  }

  /** Reads the configuration and the peers again. */
  synchronized MessageJson everything() {
    return switch (ConfigReader.read(running.file())) {
      case ConfigResult.Invalid(List<ConfigError> errors) ->
          new MessageJson(
              false,
              "the configuration has errors; nothing was changed\n"
                  + errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
      case ConfigResult.Loaded(Configuration fresh, List<ConfigError> _) -> takeUp(fresh);
    };
  }

  /** Reads only the peers in the state directory again. */
  synchronized MessageJson peers() {
    return takeUp(latest);
  }

  private MessageJson takeUp(Configuration fresh) {
    PeerBook book;
    try {
      book = Daemon.book(fresh, state);
      Daemon.followFiles(fresh, state);
    } catch (Failure unreadable) {
      return new MessageJson(false, unreadable.text() + "; nothing was changed");
    }
    latest = fresh;
    // Roots first: what a peer tells in a session that begins at once must not be a stranger's.
    roots.values().forEach(root -> root.peersChanged(book.names()));
    network.peersChanged(book);
    List<String> needed = restartNeeded(fresh);
    String peers =
        book.peers().isEmpty()
            ? "no peers"
            : book.peers().size() + " peers: " + String.join(", ", book.names().values());
    return new MessageJson(
        true,
        needed.isEmpty() ? peers : peers + "\nrestart needed for: " + String.join(", ", needed));
  }

  private List<String> restartNeeded(Configuration fresh) {
    List<String> needed = new ArrayList<>();
    NodeConfig before = running.node();
    NodeConfig after = fresh.node();
    if (!before.equals(after)) {
      needed.add("[node]");
    }
    TreeSet<String> names = new TreeSet<>();
    running.roots().forEach(root -> names.add(root.name()));
    fresh.roots().forEach(root -> names.add(root.name()));
    for (String name : names) {
      Optional<RootConfig> old = running.root(name);
      Optional<RootConfig> now = fresh.root(name);
      if (old.isEmpty() || now.isEmpty() || !old.get().sameAs(now.get())) {
        needed.add("root " + name);
      }
    }
    return needed;
  }
}
