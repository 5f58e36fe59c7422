package dev.replicator.cli.daemon;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.PeerBook;
import dev.replicator.cli.exit.Failure;
import dev.replicator.runtime.SummaryItem;
import java.util.function.Consumer;

/** Makes the network of a node. */
public interface NetworkFactory {
  /** What the network needs of the node around it. Called on any thread. */
  interface Host {
    /** The peers in the state directory have changed: a node joined, or another was learned. */
    void peersStored();

    /** Gives everything that the root called {@code root} holds to {@code consumer}. */
    void summary(String root, Consumer<SummaryItem> consumer);
  }

  /**
   * Loads this node's key, or draws it, and knows {@code peers}; does not touch the network yet.
   *
   * @throws Failure with {@code REFUSED} when the key cannot be used
   */
  Network open(
      Configuration configuration,
      StateDirectory state,
      PeerBook peers,
      Daemon.Mode mode,
      Host host)
      throws Failure;
}
