package dev.replicator.net.session;

import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.port.PeerLink;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The network as one root sees it. */
final class RootLink implements PeerLink {
  private static final Logger LOG = LoggerFactory.getLogger(RootLink.class);

  /** The minor version of the protocol that knows small content before its change... */
  private static final int AHEAD_VERSION_MINOR = 1;

  /** ...and the one that knows chunks of large content before theirs. */
  static final int CHUNK_AHEAD_VERSION_MINOR = 2;

  /** One root in one session. */
  private static final class Track {
    final Connection connection;

    /** The place of the root in what we have named in this session. */
    final int place;

    /**
     * Whether our Hello went out. Until then the root's thread may still send what it meant for an
     * earlier session: that must not come before the Hello of this one.
     */
    volatile boolean greeted;

    /** Whether the Hello of the other side came in: from then on it answers. */
    volatile boolean answers;

    Track(Connection connection, int place) {
      this.connection = connection;
      this.place = place;
    }
  }

  private final String name;
  private final MessageCodec codec;
  private final Mesh mesh;
  private final Executor network;
  private final Map<NodeId, Track> tracks = new ConcurrentHashMap<>();
  private final Set<NodeId> paused = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Listener listener;

  RootLink(String name, MessageCodec codec, Mesh mesh, Executor network) {
    this.name = name;
    this.codec = codec;
    this.mesh = mesh;
    this.network = network;
  }

  String name() {
    return name;
  }

  boolean isListening() {
    return listener != null;
  }

  @Override
  public void listen(Listener newListener) {
    if (listener != null) {
      throw new IllegalStateException("root " + name + " listens already");
    }
    listener = newListener;
    network.execute(() -> mesh.listening(this));
  }

  @Override
  public void send(NodeId peer, Message message) {
    Track track = tracks.get(peer);
    if (track == null) {
      return;
    }
    if (message instanceof Message.Hello) {
      track.greeted = true;
    } else if (!track.greeted || !knows(track.connection, message)) {
      return;
    }
    encoded(peer, message)
        .ifPresent(body -> track.connection.send(message.lane(), track.place, body));
  }

  @Override
  public boolean ask(NodeId peer, Message question) {
    Track track = tracks.get(peer);
    if (track == null || !track.greeted || !track.answers) {
      return false;
    }
    Optional<byte[]> body = encoded(peer, question);
    body.ifPresent(bytes -> track.connection.send(question.lane(), track.place, bytes));
    return body.isPresent();
  }

  @Override
  public void sendInTurn(NodeId peer, Message.ChunkData chunk) throws InterruptedException {
    Track track = tracks.get(peer);
    if (track == null || !track.greeted) {
      return;
    }
    Optional<byte[]> body = encoded(peer, chunk);
    if (body.isPresent()) {
      track.connection.sendInTurn(track.place, body.get());
    }
  }

  private Optional<byte[]> encoded(NodeId peer, Message message) {
    try {
      return Optional.of(codec.encode(message));
    } catch (RuntimeException e) {
      LOG.error("root={} peer={} a message cannot be encoded", name, peer, e);
      disconnect(peer, "a message cannot be encoded here");
      return Optional.empty();
    }
  }

  /**
   * What a release before it would take for a broken rule is not said to it: nothing waits for it.
   */
  private static boolean knows(Connection connection, Message message) {
    int since =
        message instanceof Message.Ahead
            ? AHEAD_VERSION_MINOR
            : message instanceof Message.ChunkAhead ? CHUNK_AHEAD_VERSION_MINOR : 0;
    return connection.theirs().versionMinor() >= since;
  }

  @Override
  public long queuedBytes(NodeId peer, Message.Lane lane) {
    Track track = tracks.get(peer);
    return track == null ? 0 : track.connection.queuedBytes(lane);
  }

  @Override
  public void pauseReading(NodeId peer, boolean pause) {
    boolean changed = pause ? paused.add(peer) : paused.remove(peer);
    if (changed) {
      network.execute(() -> applyPause(peer));
    }
  }

  @Override
  public void disconnect(NodeId peer, String reason) {
    dismiss(peer, Ending.RULE_BROKEN, Control.Farewell.RULE_BROKEN, reason);
  }

  @Override
  public void renew(NodeId peer, String reason) {
    dismiss(peer, Ending.RENEWED, Control.Farewell.ROOTS_CHANGED, reason);
  }

  private void dismiss(NodeId peer, Ending how, Control.Farewell farewell, String reason) {
    Track track = tracks.get(peer);
    if (track != null) {
      network.execute(
          () -> track.connection.dismiss(how, farewell, Text.printable(name + ": " + reason)));
    }
  }

  /** Of the network thread: both sides have the root. */
  void connected(Connection connection, int place) {
    Listener told = listener;
    if (told != null) {
      NodeId peer = connection.node();
      tracks.put(peer, new Track(connection, place));
      applyPause(peer);
      told.connected(peer);
    }
  }

  /** Of the network thread. */
  void disconnected(Connection connection) {
    NodeId peer = connection.node();
    Track track = tracks.get(peer);
    Listener told = listener;
    if (track != null && track.connection == connection && told != null) {
      tracks.remove(peer);
      // The next session is held back by who is behind then, not by who was in this one.
      paused.remove(peer);
      told.disconnected(peer);
    }
  }

  /** Of the network thread. */
  boolean isConnected(Connection connection) {
    Track track = tracks.get(connection.node());
    return track != null && track.connection == connection;
  }

  /** Of the network thread. */
  void received(Connection connection, byte[] body) {
    Listener told = listener;
    Track track = tracks.get(connection.node());
    if (told == null || track == null || track.connection != connection) {
      throw new Violation("a message about a root that is not shared");
    }
    Message message;
    try {
      message = codec.decode(body);
    } catch (MessageCodec.MalformedMessage | RuntimeException e) {
      throw new Violation("a message that cannot be read: " + e.getMessage(), e);
    }
    if (message instanceof Message.Hello) {
      track.answers = true;
    }
    told.received(connection.node(), message);
  }

  private void applyPause(NodeId peer) {
    Track track = tracks.get(peer);
    if (track != null) {
      track.connection.pauseReading(name, paused.contains(peer));
    }
  }
}
