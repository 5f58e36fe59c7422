package dev.replicator.runtime;

import dev.replicator.codec.CodecException;
import dev.replicator.codec.WireCodec;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.port.PeerLink;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A network inside the process: every message passes the wire codec, in order, on one thread. */
final class LocalMesh implements AutoCloseable {
  private final Map<NodeId, Link> links = new TreeMap<>();
  private final Set<String> standing = ConcurrentHashMap.newKeySet();
  private final ExecutorService wire = Executors.newSingleThreadExecutor();

  Link link(NodeId self) {
    return links.computeIfAbsent(self, Link::new);
  }

  void connect(NodeId one, NodeId other) {
    wire.execute(() -> {
      standing.add(pair(one, other));
      link(one).listener().connected(other);
      link(other).listener().connected(one);
    });
  }

  void disconnect(NodeId one, NodeId other) {
    wire.execute(() -> {
      standing.remove(pair(one, other));
      link(one).listener().disconnected(other);
      link(other).listener().disconnected(one);
    });
  }

  private static String pair(NodeId one, NodeId other) {
    return one.compareTo(other) < 0 ? one + "-" + other : other + "-" + one;
  }

  @Override
  public void close() {
    wire.shutdownNow();
  }

  /** One node's end. */
  final class Link implements PeerLink {
    private final NodeId self;
    private Optional<Listener> listener = Optional.empty();

    Link(NodeId self) {
      this.self = self;
    }

    Listener listener() {
      return listener.orElseThrow();
    }

    @Override
    public void listen(Listener told) {
      listener = Optional.of(told);
    }

    @Override
    public void send(NodeId peer, Message message) {
      byte[] encoded = WireCodec.encode(message);
      wire.execute(() -> {
        if (standing.contains(pair(self, peer))) {
          deliver(peer, encoded);
        }
      });
    }

    @Override
    public boolean ask(NodeId peer, Message question) {
      boolean stands = standing.contains(pair(self, peer));
      if (stands) {
        send(peer, question);
      }
      return stands;
    }

    private void deliver(NodeId peer, byte[] encoded) {
      try {
        link(peer).listener().received(self, WireCodec.decode(encoded));
      } catch (CodecException broken) {
        throw new IllegalStateException(broken);
      }
    }

    @Override
    public void sendInTurn(NodeId peer, Message.ChunkData chunk) {
      send(peer, chunk);
    }

    @Override
    public long queuedBytes(NodeId peer, Message.Lane lane) {
      return 0;
    }

    @Override
    public void pauseReading(NodeId peer, boolean paused) {}

    @Override
    public void renew(NodeId peer, String reason) {
      disconnect(peer, reason);
    }

    @Override
    public void disconnect(NodeId peer, String reason) {
      LocalMesh.this.disconnect(self, peer);
      LocalMesh.this.connect(self, peer);
    }
  }
}
