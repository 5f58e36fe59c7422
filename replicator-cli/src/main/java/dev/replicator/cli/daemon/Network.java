package dev.replicator.cli.daemon;

import dev.replicator.cli.config.PeerBook;
import dev.replicator.cli.control.NodeView;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.NodeId;
import dev.replicator.port.ArbiterLink;
import dev.replicator.port.ArbiterSeat;
import dev.replicator.port.PeerLink;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The sessions of this node with its peers. All methods may be called from any thread. */
public interface Network extends AutoCloseable {
  /** Who this node is. */
  NodeId self();

  /** The link of one root, to be asked for before {@link #start}. */
  PeerLink link(String root);

  /**
   * Begins to accept and to dial peers.
   *
   * @throws Failure with {@code REFUSED} when the address cannot be bound
   */
  void start() throws Failure;

  /** Where peers connect, with the port that was really bound. */
  String listening();

  /** Trusts and dials exactly these from now on. */
  void peersChanged(PeerBook book);

  List<NodeView.PeerView> peers();

  /** The peer that is called {@code name} here. */
  Optional<NodeId> named(String name);

  /** The way to peers that decide for this node. */
  ArbiterLink arbiters();

  /** Has {@code seat} decide for pairs of peers. */
  void decideBy(ArbiterSeat seat);

  /** Completes as long as the thread of the network lives. */
  CompletableFuture<Void> pulse();

  /** Ends all sessions; whatever was queued and not sent is dropped. */
  @Override
  void close();
}
