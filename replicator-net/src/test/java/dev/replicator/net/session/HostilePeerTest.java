package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Tls;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer with a pinned key that breaks rules: its session ends, everything else goes on. */
@Timeout(120)
final class HostilePeerTest {
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

  private void stillServesAnHonestPeer() throws Exception {
    try (Node honest = Node.started("honest")) {
      honest.dials(node);
      honest.inbox.awaitConnected();
    }
  }

  static Stream<Arguments> brokenFrames() {
    int max = Limits.FRAME_BYTES_MAX;
    return Stream.of(
        Arguments.of("a length of nothing", bytes(0)),
        Arguments.of("a negative length", bytes(-1)),
        Arguments.of("the smallest length", bytes(Integer.MIN_VALUE)),
        Arguments.of("a length just over the limit", bytes(max + 7)),
        Arguments.of("type 0", frame(0)),
        Arguments.of("type 10", frame(10)),
        Arguments.of("type 127", frame(127)),
        Arguments.of("a compressed ping", frame(0x80 | 5, 0, 0, 0, 1, 0)),
        Arguments.of("a message without a root", frame(9)),
        Arguments.of("a compressed message without a length", frame(0x89, 0, 0, 0)),
        Arguments.of("a message of a root without a name", frame(9, 7, 1)),
        Arguments.of("a message that is none", frame(9, 0, 99)),
        Arguments.of("a message on which the codec fails", frame(9, 0, 4)),
        Arguments.of("an empty message", frame(9, 0)),
        Arguments.of("a lying length: too large", frame(0x89, 0, 0, 0, 1, 0, 0x10, 65)),
        Arguments.of("a lying length: 0", frame(0x89, 0, 0, 0, 0, 0, 0x10, 65)),
        Arguments.of("a lying length: negative", frame(0x89, 0, -1, -1, -1, -1, 0x10, 65)),
        Arguments.of("a lying length: 2 GiB", frame(0x89, 0, 0x7f, -1, -1, -1, 0x10, 65)),
        Arguments.of("a block that is none", frame(0x89, 0, 0, 0, 1, 0, -1, -1, -1, -1)),
        Arguments.of("an open frame in a session", frame(1)),
        Arguments.of("a ready frame in a session", frame(2)),
        Arguments.of("a refusal in a session", frame(3)),
        Arguments.of("a root named twice", frame(control(FrameType.ROOTS, "\n\7uploads"))),
        Arguments.of("a root without a name", frame(control(FrameType.ROOTS, "\n\0"))),
        Arguments.of("no protobuf", frame(control(FrameType.MEMBERS, "\377\377\377"))),
        Arguments.of("a member without a key", frame(control(FrameType.MEMBERS, "\n\3\n\1a"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenFrames")
  void endsTheSessionAndNothingElse(String name, byte[] broken) throws Exception {
    try (RawPeer raw = RawPeer.connect(key, node).opened().withRoot()) {
      node.inbox.awaitConnected();

      raw.raw(broken);

      Control.Goodbye goodbye = raw.receiveGoodbye();
      assertEquals(Control.Farewell.RULE_BROKEN, goodbye.reason(), goodbye.text());
      node.inbox.awaitDisconnected();
      stillServesAnHonestPeer();
    }
  }

  @Test
  void takesFramesThatArriveByteByByte() throws Exception {
    try (RawPeer raw = RawPeer.connect(key, node).opened().withRoot()) {
      node.inbox.awaitConnected();
      for (byte octet : frame(9, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5)) {
        raw.raw(octet);
      }

      assertEquals(new Message.ContentUnavailable(5), node.inbox.nextMessage());
    }
  }

  @Test
  void refusesLargeFramesBeforeTheSessionStands() throws Exception {
    try (RawPeer raw = RawPeer.connect(key, node)) {
      assertInstanceOf(Control.Open.class, raw.receive());

      raw.raw(bytes(SessionLimits.OPENING_FRAME_BYTES_MAX + 1));

      assertThrows(EOFException.class, raw::receive);
    }
  }

  @Test
  void refusesAMessageBeforeTheSessionStands() throws Exception {
    try (RawPeer raw = RawPeer.connect(key, node)) {
      raw.raw(frame(9, 0, 1));

      assertInstanceOf(Control.Open.class, raw.receive());
      assertThrows(EOFException.class, raw::receive);
      assertTrue(node.inbox.isEmpty());
    }
  }

  @Test
  void refusesAnotherMajorVersionInWords() throws Exception {
    try (RawPeer raw = RawPeer.connect(key, node)) {
      raw.send(RawPeer.open(2));

      assertInstanceOf(Control.Open.class, raw.receive());
      Control.Refused refused = (Control.Refused) raw.receive();
      assertEquals(Control.Refusal.VERSION, refused.reason());
      assertTrue(refused.text().contains("raw speaks protocol 2"), refused.text());
    }
  }

  @Test
  void hearsOutWhoStillTalksSoThatTheGoodbyeArrives() throws Exception {
    SessionTimes patient = new SessionTimes(5_000, 200, 60_000, 20, 200, 60_000, 60_000);
    try (Node listening = new Node("listening", patient)) {
      listening.start();
      listening.network.put(new Peer("raw", "", key.node()));
      try (RawPeer raw = RawPeer.connect(key, listening).opened().withRoot()) {
        listening.inbox.awaitConnected();
        raw.raw(frame(99));
        for (int i = 0; i < 256; i++) {
          raw.raw(new byte[64 * 1_024]);
        }

        assertEquals(Control.Farewell.RULE_BROKEN, raw.receiveGoodbye().reason());
      }
    }
  }

  @Test
  void keepsAPeerAwayForAWhileAfterABrokenRule() throws Exception {
    Node patient =
        new Node("patient", new SessionTimes(5_000, 200, 60_000, 5_000, 10_000, 60_000, 200));
    try (patient) {
      patient.start();
      patient.network.put(new Peer("raw", "", key.node()));
      try (RawPeer raw = RawPeer.connect(key, patient).opened()) {
        raw.raw(frame(99));
        raw.receiveGoodbye();
      }

      try (RawPeer again = RawPeer.connect(key, patient)) {
        again.send(RawPeer.open(1));
        assertInstanceOf(Control.Open.class, again.receive());
        assertEquals(Control.Refusal.PENALTY, ((Control.Refused) again.receive()).reason());
      }
    }
  }

  @Test
  void dropsAPeerThatFallsSilent() throws Exception {
    SessionTimes hasty = new SessionTimes(5_000, 200, 1_000, 20, 200, 60_000, 200);
    try (Node impatient = new Node("hasty", hasty)) {
      impatient.start();
      impatient.network.put(new Peer("raw", "", key.node()));
      try (RawPeer raw = RawPeer.connect(key, impatient).opened().withRoot()) {
        impatient.inbox.awaitConnected();

        impatient.inbox.awaitDisconnected();

        assertTrue(impatient.nextError().contains("silent"));
        raw.close();
      }
    }
  }

  @Test
  void answersAFloodOfPingsWithoutPilingUpAnswers() throws Exception {
    try (RawPeer raw = RawPeer.connect(key, node).opened().withRoot()) {
      node.inbox.awaitConnected();
      byte[] ping = frame(control(FrameType.PING, "\t\1\0\0\0\0\0\0\0"));
      ByteBuffer flood = ByteBuffer.allocate(ping.length * 1_000);
      IntStream.range(0, 1_000).forEach(_ -> flood.put(ping));
      for (int i = 0; i < 100; i++) {
        raw.raw(flood.array());
      }
      raw.raw(frame(9, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5));

      assertEquals(new Message.ContentUnavailable(5), node.inbox.nextMessage());
      assertTrue(node.link.queuedBytes(key.node(), Message.Lane.CONTROL) < 1_000);
    }
  }

  @Test
  void replacesASessionThatThePeerHasLost() throws Exception {
    try (RawPeer first = RawPeer.connect(key, node).opened().withRoot()) {
      node.inbox.awaitConnected();
      try (RawPeer second = RawPeer.connect(key, node)) {
        second.send(new Control.Open(1, 1, 0, "raw", "raw", 1, 43, 0));
        assertInstanceOf(Control.Open.class, second.receive());
        if (key.node().compareTo(node.id()) < 0) {
          second.send(new Control.Ready(1, 0));
        }
        assertInstanceOf(Control.Ready.class, second.receive());
        if (key.node().compareTo(node.id()) > 0) {
          second.send(new Control.Ready(1, 1));
        }

        node.inbox.awaitDisconnected();
        second.withRoot();
        node.inbox.awaitConnected();
        assertThrows(IOException.class, first::receiveGoodbye);
      }
    }
  }

  @Test
  void capsConnectionsOfOneAddressThatShowNoKeyAndGivesAFreedPlaceAway() throws Exception {
    // No place of this one is freed by a deadline while the test runs.
    SessionTimes patient = new SessionTimes(600_000, 200, 60_000, 20, 200, 60_000, 200);
    List<Socket> idle = new ArrayList<>();
    try (Node capped = new Node("capped", patient)) {
      capped.start();
      capped.network.put(new Peer("raw", "", key.node()));
      for (int i = 0; i < SessionLimits.UNAUTHENTICATED_PER_ADDRESS_MAX; i++) {
        idle.add(RawPeer.tcp(capped));
      }
      Socket oneMore = RawPeer.tcp(capped);
      idle.add(oneMore);
      assertEquals(-1, oneMore.getInputStream().read());
      assertFalse(isServed(capped), "all places are taken");

      idle.removeFirst().close();
      while (!isServed(capped)) {
        // It has not heard yet that the place is free.
      }
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  /** Whether a peer with a pinned key gets a place. */
  private boolean isServed(Node capped) {
    try (RawPeer raw = RawPeer.connect(key, capped)) {
      assertInstanceOf(Control.Open.class, raw.receive());
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void closesAConnectionThatDoesNotShakeHandsInTime() throws Exception {
    SessionTimes hasty = new SessionTimes(300, 200, 1_000, 20, 200, 60_000, 200);
    try (Node impatient = new Node("hasty", hasty)) {
      impatient.start();
      try (Socket silent = RawPeer.tcp(impatient)) {
        assertEquals(-1, silent.getInputStream().read());
      }
    }
  }

  @Test
  void closesAConnectionThatDoesNotOpenInTime() throws Exception {
    SessionTimes hasty = new SessionTimes(1_500, 200, 1_000, 20, 200, 60_000, 200);
    try (Node impatient = new Node("hasty", hasty)) {
      impatient.start();
      impatient.network.put(new Peer("raw", "", key.node()));
      while (!isClosedAfterTheirOpen(impatient)) {
        // On a busy machine the handshake alone took all the time there was.
      }
    }
  }

  private boolean isClosedAfterTheirOpen(Node impatient) {
    try (RawPeer raw = RawPeer.connect(key, impatient)) {
      assertInstanceOf(Control.Open.class, raw.receive());
      assertThrows(EOFException.class, raw::receive);
      return true;
    } catch (IOException early) {
      return false;
    }
  }

  @Test
  void agreesOnNothingButOurProtocol() {
    assertEquals("replicator/1", Tls.SESSION_PROTOCOL);
  }

  private static byte[] bytes(int length) {
    return ByteBuffer.allocate(4).putInt(length).array();
  }

  private static byte[] frame(int... body) {
    ByteBuffer out = ByteBuffer.allocate(4 + body.length).putInt(body.length);
    Arrays.stream(body).forEach(octet -> out.put((byte) octet));
    return out.array();
  }

  private static int[] control(FrameType type, String latin1) {
    byte[] text = latin1.getBytes(StandardCharsets.ISO_8859_1);
    return IntStream.concat(
            IntStream.of(type.code), IntStream.range(0, text.length).map(i -> text[i]))
        .toArray();
  }
}
