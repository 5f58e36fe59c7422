package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.net.identity.NodeKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strangers in numbers, and a peer with a valid key that takes all it can get. */
@Timeout(120)
final class FloodTest {
  private final NodeKey key = NodeKey.ephemeral();
  private Node node;

  @BeforeEach
  void startNode() throws ListenException {
    node = Node.started("node");
    node.network.put(new Peer("raw", "", key.node()));
  }

  @AfterEach
  void closeNode() {
    node.close();
  }

  private Socket strangerFrom(int number) throws IOException {
    Socket socket =
        new Socket(
            InetAddress.getByName("127.0.0.1"),
            node.network.address().port(),
            InetAddress.getByName("127.0.1." + (1 + number / 8)),
            0);
    socket.setSoTimeout(30_000);
    return socket;
  }

  @Test
  void aFloodOfStrangersDoesNotTouchAStandingSessionAndLeavesNothing() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    try (RawPeer raw = RawPeer.connect(key, node).opened().withRoot()) {
      node.inbox.awaitConnected();
      for (int number = 0; number < SessionLimits.UNAUTHENTICATED_MAX; number++) {
        strangers.add(strangerFrom(number));
      }
      Socket oneMore = strangerFrom(SessionLimits.UNAUTHENTICATED_MAX);
      strangers.add(oneMore);
      assertEquals(-1, oneMore.getInputStream().read());

      raw.sendRaw(new byte[] {9, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5});
      assertEquals(new Message.ContentUnavailable(5), node.inbox.nextMessage());

      for (Socket stranger : strangers) {
        stranger.close();
      }
      try (Node honest = Node.started("honest")) {
        honest.dials(node);
        honest.inbox.awaitConnected();
      }
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void cutsOffAPeerThatNeverReads() throws Exception {
    try (RawPeer raw = RawPeer.connect(key, node).opened().withRoot()) {
      node.inbox.awaitConnected();
      node.link.send(key.node(), FakeCodec.HELLO);
      Message.ChunkData chunk =
          new Message.ChunkData(1, 0, Bytes.copyOf(noise(Limits.CHUNK_BYTES_MAX)));
      for (long sent = 0;
          sent <= 2 * SessionLimits.BULK_QUEUE_BYTES_MAX;
          sent += Limits.CHUNK_BYTES_MAX) {
        node.link.send(key.node(), chunk);
        assertTrue(
            node.link.queuedBytes(key.node(), Message.Lane.BULK)
                <= SessionLimits.BULK_QUEUE_BYTES_MAX + 2L * Limits.CHUNK_BYTES_MAX,
            "the queue grows without end");
      }
      node.inbox.awaitDisconnected();
      assertTrue(node.nextError().contains("unread"));
    }
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new java.util.Random(1).nextBytes(bytes);
    return bytes;
  }

  @Test
  void refusesMoreRootsThanThereMayBeInOneFrameOrInMany() throws Exception {
    List<String> names =
        IntStream.range(0, Limits.ROOTS_MAX).mapToObj(number -> "root" + number).toList();
    try (RawPeer raw = RawPeer.connect(key, node).opened()) {
      raw.send(new Control.Roots(names));
      raw.send(new Control.Roots(List.of("one-more")));

      assertEquals(Control.Farewell.RULE_BROKEN, raw.receiveGoodbye().reason());
    }
  }

  @Test
  void refusesMorePeersThanThereMayBe() throws Exception {
    List<Peer> peers =
        IntStream.rangeClosed(0, Limits.PEERS_MAX)
            .mapToObj(number -> new Peer("p" + number, "", NodeKey.ephemeral().node()))
            .toList();
    try (RawPeer raw = RawPeer.connect(key, node).opened()) {
      raw.send(new Control.Members(peers));

      assertEquals(Control.Farewell.RULE_BROKEN, raw.receiveGoodbye().reason());
      assertTrue(node.learned.isEmpty());
    }
  }

  @Test
  void learnsNeitherItselfNorTheSpeakerFromAPeer() throws Exception {
    try (RawPeer raw = RawPeer.connect(key, node).opened().withRoot()) {
      node.inbox.awaitConnected();
      Peer other = new Peer("other", "203.0.113.7:7411", NodeKey.ephemeral().node());
      raw.send(
          new Control.Members(
              List.of(
                  new Peer("you", "203.0.113.9:1", node.id()),
                  new Peer("me", "203.0.113.9:1", key.node()),
                  other)));

      assertEquals(other, node.learned.take());
      assertTrue(node.learned.isEmpty());
    }
  }

  @Test
  void letsNoPeerWidenTheLimitsOrTheDeadlines() throws Exception {
    try (RawPeer raw = RawPeer.connect(key, node)) {
      raw.send(new Control.Open(1, Integer.MAX_VALUE, -1, "raw", "raw", Integer.MAX_VALUE, 42, -1));
      assertInstanceOf(Control.Open.class, raw.receive());

      raw.raw(new byte[] {0, 1, 0, 0});

      assertThrows(IOException.class, () -> raw.receiveGoodbye());
    }
  }

  @Test
  void takesNothingOfAFrameThatIsCutOff() throws Exception {
    try (RawPeer raw = RawPeer.connect(key, node).opened().withRoot()) {
      node.inbox.awaitConnected();
      raw.raw(new byte[] {0, 0, 0, 11, 9, 0, 2, 0, 0});
    }
    assertInstanceOf(Inbox.Event.Disconnected.class, node.inbox.next());
  }
}
