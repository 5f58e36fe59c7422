package dev.replicator.cli.config;

import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every peer that this node trusts: those of the administrator's files, which count first, and
 * those of the {@link PeerStore}. Names are unique, because people and reports use them: the store
 * gets none that is taken, and where a file gives it to somebody else the file counts.
 */
public record PeerBook(SortedMap<NodeId, PeerConfig> peers) {
  public PeerBook {
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
  }

  public static PeerBook of(Configuration configuration, PeerStore store) throws IOException {
    TreeMap<NodeId, PeerConfig> peers = new TreeMap<>();
    configuration.peers().forEach(peer -> peers.put(peer.key(), peer));
    PeerNames names = new PeerBook(peers).holders();
    for (PeerConfig peer : store.peers()) {
      if (!peers.containsKey(peer.key())) {
        peers.put(peer.key(), names.give(peer));
      }
    }
    return new PeerBook(peers);
  }

  public Optional<PeerConfig> named(String name) {
    return peers.values().stream().filter(peer -> peer.name().equals(name)).findFirst();
  }

  /** What to call {@code node}: its name, or its key when it has none here. */
  public String nameOf(NodeId node) {
    PeerConfig peer = peers.get(node);
    return peer == null ? KeyText.print(node) : peer.name();
  }

  /** Who has which name. */
  public PeerNames holders() {
    return new PeerNames(names());
  }

  public SortedMap<NodeId, String> names() {
    TreeMap<NodeId, String> names = new TreeMap<>();
    peers.forEach((node, peer) -> names.put(node, peer.name()));
    return names;
  }
}
