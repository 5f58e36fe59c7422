package dev.replicator.port;

import dev.replicator.model.Message;
import dev.replicator.model.NodeId;

/**
 * The network as one root sees it: authenticated sessions with configured peers that have a root of
 * the same name. Messages of one lane arrive in order and whole, or the session ends.
 */
public interface PeerLink {
  /** Takes what comes from peers. Called from network threads; must only enqueue. */
  interface Listener {
    /** A session stands; the first message of both sides is a Hello. */
    void connected(NodeId peer);

    void disconnected(NodeId peer);

    void received(NodeId peer, Message message);
  }

  /** From now on {@code listener} is told; sessions that stand already are told first. */
  void listen(Listener listener);

  /** Queues a message; never blocks. Nothing happens when no session stands. */
  void send(NodeId peer, Message message);

  /**
   * As {@link #send}, of a message that is answered. Where no session stands, or one of the two
   * sides has not sent its Hello in it, nobody would answer.
   *
   * @return whether it was queued; from then on {@link Listener#disconnected} tells when no answer
   *     can come any more
   */
  boolean ask(NodeId peer, Message question);

  /**
   * As {@link #send}, but waits while much content of this root waits already: who sends much of it
   * is no faster than the peer, or than what this node grants it. Roots have their turn one after
   * the other. Never from a thread that others wait for.
   */
  void sendInTurn(NodeId peer, Message.ChunkData chunk) throws InterruptedException;

  /** Bytes queued for {@code peer} in a lane and not yet written to the socket. */
  long queuedBytes(NodeId peer, Message.Lane lane);

  /**
   * The receiver is behind with its work: stop or go on reading from the peer. Idempotent; a stop
   * ends with its session, and so must one of a receiver that ends: others share the connection.
   */
  void pauseReading(NodeId peer, boolean paused);

  /** Ends the session because the peer broke a rule; it may dial again, with back-off. */
  void disconnect(NodeId peer, String reason);

  /** Ends the session, nobody being to blame: both sides greet anew at once. */
  void renew(NodeId peer, String reason);
}
