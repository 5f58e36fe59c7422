package dev.replicator.simulation;

import dev.replicator.model.NodeId;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which nodes have which others for peers, as their administrators say: all, at first. */
final class SimulatedTrust {
  private final TreeSet<NodeId> all = new TreeSet<>();
  private final TreeMap<NodeId, TreeSet<NodeId>> removed = new TreeMap<>();

  void joins(NodeId node) {
    all.add(node);
  }

  private TreeSet<NodeId> removedBy(NodeId node) {
    return removed.computeIfAbsent(node, key -> new TreeSet<>());
  }

  TreeSet<NodeId> peers(NodeId node) {
    TreeSet<NodeId> peers = new TreeSet<>(all);
    peers.remove(node);
    peers.removeAll(removedBy(node));
    return peers;
  }

  boolean trusts(SimulatedNode node, SimulatedNode other) {
    return !removedBy(node.id).contains(other.id);
  }

  /** Whether a connection of the two comes about. */
  boolean isMutual(SimulatedNode one, SimulatedNode other) {
    return trusts(one, other) && trusts(other, one);
  }

  void remove(SimulatedNode at, SimulatedNode peer) {
    removedBy(at.id).add(peer.id);
  }

  void add(SimulatedNode at, SimulatedNode peer) {
    removedBy(at.id).remove(peer.id);
  }
}
