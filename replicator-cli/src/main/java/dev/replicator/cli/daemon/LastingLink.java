package dev.replicator.cli.daemon;

import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.port.PeerLink;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The link of a root that may be opened again. Sessions that stood when the root failed are ended
 * as soon as it is back: both sides have to greet anew, because what was sent meanwhile is lost.
 */
final class LastingLink implements PeerLink, PeerLink.Listener {
  private final PeerLink link;
  private final TreeSet<NodeId> standing = new TreeSet<>();
  private final TreeSet<NodeId> told = new TreeSet<>();
  private Optional<Listener> listener = Optional.empty();
  private boolean listening;

  LastingLink(PeerLink link) {
    this.link = link;
  }

  /** Nobody is told until somebody listens again. */
  synchronized void detach() {
    listener = Optional.empty();
    told.clear();
  }

  @Override
  public void listen(Listener fresh) {
    List<NodeId> stale;
    synchronized (this) {
      listener = Optional.of(fresh);
      told.clear();
      stale = List.copyOf(standing);
      if (!listening) {
        listening = true;
        link.listen(this);
      }
    }
    for (NodeId peer : stale) {
      link.pauseReading(peer, false);
      link.renew(peer, "the root was opened again");
    }
  }

  @Override
  public synchronized void connected(NodeId peer) {
    standing.add(peer);
    listener.ifPresent(current -> {
      told.add(peer);
      current.connected(peer);
    });
  }

  @Override
  public synchronized void disconnected(NodeId peer) {
    standing.remove(peer);
    if (told.remove(peer)) {
      listener.ifPresent(current -> current.disconnected(peer));
    }
  }

  @Override
  public void received(NodeId peer, Message message) {
    Optional<Listener> current;
    synchronized (this) {
      current = told.contains(peer) ? listener : Optional.empty();
    }
    current.ifPresent(taking -> taking.received(peer, message));
  }

  @Override
  public void send(NodeId peer, Message message) {
    link.send(peer, message);
  }

  @Override
  public boolean ask(NodeId peer, Message question) {
    return link.ask(peer, question);
  }

  @Override
  public void sendInTurn(NodeId peer, Message.ChunkData chunk) throws InterruptedException {
    link.sendInTurn(peer, chunk);
  }

  @Override
  public long queuedBytes(NodeId peer, Message.Lane lane) {
    return link.queuedBytes(peer, lane);
  }

  @Override
  public void pauseReading(NodeId peer, boolean paused) {
    link.pauseReading(peer, paused);
  }

  @Override
  public void disconnect(NodeId peer, String reason) {
    link.disconnect(peer, reason);
  }

  @Override
  public void renew(NodeId peer, String reason) {
    link.renew(peer, reason);
  }
}
