package dev.replicator.net.identity;

import dev.replicator.model.NodeId;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The nodes that this one trusts; may change at any time, from any thread. */
public final class Pins {
  private final ConcurrentSkipListSet<NodeId> trusted = new ConcurrentSkipListSet<>();
  private final CopyOnWriteArrayList<Consumer<NodeId>> onRemoved = new CopyOnWriteArrayList<>();

  public Pins() {}

  public Pins(Collection<NodeId> trusted) {
    this.trusted.addAll(trusted);
  }

  public boolean contains(NodeId node) {
    return trusted.contains(node);
  }

  public Set<NodeId> all() {
    return new TreeSet<>(trusted);
  }

  public void add(NodeId node) {
    trusted.add(node);
  }

  /** Trust ends at once: whoever holds a session with {@code node} is told and ends it. */
  public void remove(NodeId node) {
    if (trusted.remove(node)) {
      onRemoved.forEach(listener -> listener.accept(node));
    }
  }

  /** Calls {@code listener}, on the thread that removes, for every node that is removed. */
  public void onRemoved(Consumer<NodeId> listener) {
    onRemoved.add(listener);
  }
}
