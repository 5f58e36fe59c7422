package dev.replicator.net.session;

import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.port.PeerLink;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps in order what a link says; tests take it out and wait for it with a deadline. */
final class Inbox implements PeerLink.Listener {
  private static final long DEADLINE_SECONDS = 30;

  sealed interface Event {
    record Connected(NodeId peer) implements Event {}

    record Disconnected(NodeId peer) implements Event {}

    record Received(NodeId peer, Message message) implements Event {}
  }

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  @Override
  public void connected(NodeId peer) {
    events.add(new Event.Connected(peer));
  }

  @Override
  public void disconnected(NodeId peer) {
    events.add(new Event.Disconnected(peer));
  }

  @Override
  public void received(NodeId peer, Message message) {
    events.add(new Event.Received(peer, message));
  }

  Event next() throws InterruptedException {
    Event event = events.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("nothing happened for " + DEADLINE_SECONDS + " s");
    }
    return event;
  }

  Message nextMessage() throws InterruptedException {
    return next() instanceof Event.Received(NodeId _, Message message)
        ? message
        : unexpected("a message");
  }

  void awaitConnected() throws InterruptedException {
    if (!(next() instanceof Event.Connected)) {
      unexpected("a connection");
    }
  }

  void awaitDisconnected() throws InterruptedException {
    while (!(next() instanceof Event.Disconnected)) {
      // What came before the end does not matter to who calls this.
    }
  }

  /** Fails when anything comes within {@code millis}. */
  void expectNothingForMillis(long millis) throws InterruptedException {
    Event event = events.poll(millis, TimeUnit.MILLISECONDS);
    if (event != null) {
      throw new AssertionError("did not expect " + event);
    }
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  private static Message unexpected(String wanted) {
    throw new AssertionError("wanted " + wanted);
  }
}
