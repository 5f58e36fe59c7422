package dev.replicator.cli.config;

import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every peer that this node trusts: those of the administrator's files, which count first, and
 * those of the {@link PeerStore}. Names are made unique, because people and reports use them.
 */
public record PeerBook(SortedMap<NodeId, PeerConfig> peers) {
  public PeerBook {
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
  }

  public static PeerBook of(Configuration configuration, PeerStore store) throws IOException {
    TreeMap<NodeId, PeerConfig> peers = new TreeMap<>();
    TreeSet<String> names = new TreeSet<>();
    for (PeerConfig peer : configuration.peers()) {
      peers.put(peer.key(), peer);
      names.add(peer.name());
    }
    for (PeerConfig peer : store.peers()) {
      if (!peers.containsKey(peer.key())) {
        String name = peer.name();
        for (int number = 2; !names.add(name); number++) {
          name = peer.name() + "-" + number;
        }
        peers.put(peer.key(), new PeerConfig(name, peer.address(), peer.key(), peer.where()));
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

  public SortedMap<NodeId, String> names() {
    TreeMap<NodeId, String> names = new TreeMap<>();
    peers.forEach((node, peer) -> names.put(node, peer.name()));
    return names;
  }
}
