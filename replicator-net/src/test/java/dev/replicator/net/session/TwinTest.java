package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.net.identity.NodeKey;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine was copied: two daemons show one key. Or one was started again, which looks alike. */
@Timeout(60)
final class TwinTest {
  private static final long COPY = RawPeer.INSTANCE + 1;

  /** So patient that no test ends by it. */
  private static final SessionTimes PATIENT =
      new SessionTimes(600_000, 200, 60_000, 20, 200, 60_000, 200);

  private Optional<Node> started = Optional.empty();

  private Node start(SessionTimes times) throws ListenException {
    Node node = new Node("node", times);
    started = Optional.of(node);
    node.start();
    return node;
  }

  @AfterEach
  void closeNode() {
    started.ifPresent(Node::close);
  }

  /** Who has the smaller id says which connection stays. */
  private static NodeKey key(Node node, boolean smaller) {
    NodeKey key = NodeKey.ephemeral();
    while (key.node().compareTo(node.id()) < 0 != smaller) {
      key = NodeKey.ephemeral();
    }
    node.network.put(new Peer("raw", "", key.node()));
    return key;
  }

  private static PeerStatus status(Node node) {
    return node.network.status().getFirst();
  }

  private static RawPeer open(NodeKey key, Node node, long instance) throws IOException {
    RawPeer peer = RawPeer.connect(key, node);
    peer.send(RawPeer.open(instance));
    assertInstanceOf(Control.Open.class, peer.receive());
    return peer;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theOneThatHasASessionKeepsItWhileItLives(boolean smaller) throws Exception {
    Node node = start(PATIENT);
    NodeKey key = key(node, smaller);
    try (RawPeer _ = RawPeer.connect(key, node).opened().answering();
        RawPeer second = open(key, node, COPY)) {
      if (smaller) {
        second.send(new Control.Ready(1, 0));
      }
      assertEquals(Control.Refusal.TWIN, second.receiveRefusal().reason());

      assertTrue(status(node).connected());
      assertNotEquals("", status(node).twin());
      try (RawPeer again = open(key, node, COPY)) {
        assertEquals(Control.Refusal.TWIN, again.receiveRefusal().reason());
      }
      assertTrue(status(node).connected());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoStartsAgainTakesTheSessionOfAProcessThatSaysNothingAnyMore(boolean smaller)
      throws Exception {
    Node node = start(Node.QUICK);
    NodeKey key = key(node, smaller);
    try (RawPeer _ = RawPeer.connect(key, node).opened();
        RawPeer _ = RawPeer.connect(key, node).opened(COPY)) {
      assertTrue(status(node).connected());
      assertEquals("", status(node).twin());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoStartsAgainIsLetInAsSoonAsTheFormerConnectionEnds(boolean smaller) throws Exception {
    Node node = start(PATIENT);
    NodeKey key = key(node, smaller);
    RawPeer former = RawPeer.connect(key, node).opened();
    try (RawPeer again = open(key, node, COPY)) {
      if (smaller) {
        again.send(new Control.Ready(1, 0));
      }
      former.close();
      assertInstanceOf(Control.Ready.class, again.receive());
    }
  }

  @Test
  void noMoreThanOneWaitsForTheAnswerOfWhoHasTheSession() throws Exception {
    Node node = start(PATIENT);
    NodeKey key = key(node, false);
    try (RawPeer _ = RawPeer.connect(key, node).opened();
        RawPeer _ = open(key, node, COPY);
        RawPeer third = open(key, node, COPY + 1)) {
      assertEquals(Control.Refusal.DUPLICATE, third.receiveRefusal().reason());
    }
  }

  @Test
  void whoWaitsEndsWithThePeerThatIsRemoved() throws Exception {
    Node node = start(PATIENT);
    NodeKey key = key(node, false);
    try (RawPeer _ = RawPeer.connect(key, node).opened();
        RawPeer waiting = open(key, node, COPY)) {
      node.network.remove(key.node());
      assertEquals(Control.Farewell.REMOVED, waiting.receiveGoodbye().reason());
      assertThrows(IOException.class, waiting::receive);
      assertFalse(node.network.peers().stream().anyMatch(peer -> peer.node().equals(key.node())));
    }
  }
}
