package dev.replicator.runtime;

import dev.replicator.model.NodeId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What people call the peers. The kernel knows them by their keys, and says so in its words. */
final class PeerNames {
  private volatile SortedMap<NodeId, String> names;

  PeerNames(SortedMap<NodeId, String> names) {
    this.names = new TreeMap<>(names);
  }

  void change(SortedMap<NodeId, String> others) {
    names = new TreeMap<>(others);
  }

  SortedMap<NodeId, String> all() {
    return names;
  }

  /** {@code words} with the names of the peers in them; who has none stays as he is. */
  String in(String words) {
    String named = words;
    for (Map.Entry<NodeId, String> peer : names.entrySet()) {
      named = named.replace(peer.getKey().toString(), peer.getValue());
    }
    return named;
  }
}
