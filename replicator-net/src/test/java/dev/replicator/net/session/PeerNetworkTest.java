package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.Message;
import dev.replicator.net.identity.NodeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class PeerNetworkTest {
  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void closeNodes() {
    nodes.forEach(Node::close);
  }

  private Node started(String name) throws ListenException {
    return kept(Node.started(name));
  }

  private Node kept(Node node) {
    nodes.add(node);
    return node;
  }

  private static void connected(Node one, Node other) throws InterruptedException {
    one.inbox.awaitConnected();
    other.inbox.awaitConnected();
    one.link.send(other.id(), FakeCodec.HELLO);
    other.link.send(one.id(), FakeCodec.HELLO);
    assertEquals(FakeCodec.HELLO, one.inbox.nextMessage());
    assertEquals(FakeCodec.HELLO, other.inbox.nextMessage());
  }

  @Test
  void carriesMessagesBothWaysInOrder() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);

    for (long request = 0; request < 1_000; request++) {
      left.link.send(right.id(), new Message.ContentUnavailable(request));
      right.link.send(left.id(), new Message.ContentUnavailable(request));
    }

    for (long request = 0; request < 1_000; request++) {
      assertEquals(new Message.ContentUnavailable(request), right.inbox.nextMessage());
      assertEquals(new Message.ContentUnavailable(request), left.inbox.nextMessage());
    }
  }

  @Test
  void carriesChunksThatShrinkAndChunksThatDoNot() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);
    byte[] random = new byte[256 * 1_024];
    new Random(7).nextBytes(random);
    Message.ChunkData noise = new Message.ChunkData(1, 0, Bytes.copyOf(random));
    Message.ChunkData zeros = new Message.ChunkData(2, 0, Bytes.copyOf(new byte[256 * 1_024]));

    left.link.send(right.id(), noise);
    left.link.send(right.id(), zeros);

    assertEquals(noise, right.inbox.nextMessage());
    assertEquals(zeros, right.inbox.nextMessage());
    assertTrue(right.statusOf(left).bytesIn() < 300 * 1_024, "zeros travelled uncompressed");
  }

  /** Schedule S17: each waits for the other to read, and both have more to say. */
  @Test
  void goesOnAfterBothSidesPushedUntilNothingMoreFitted() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);
    left.link.pauseReading(right.id(), true);
    right.link.pauseReading(left.id(), true);
    byte[] noise = new byte[256 * 1_024];
    new Random(17).nextBytes(noise);
    Bytes content = Bytes.copyOf(noise);

    int pushed = 64;
    for (int chunk = 0; chunk < pushed; chunk++) {
      left.link.send(right.id(), new Message.ChunkData(chunk, 0, content));
      right.link.send(left.id(), new Message.ChunkData(chunk, 0, content));
    }
    assertTrue(left.link.queuedBytes(right.id(), Message.Lane.BULK) > 0);
    assertTrue(right.link.queuedBytes(left.id(), Message.Lane.BULK) > 0);
    left.link.pauseReading(right.id(), false);
    right.link.pauseReading(left.id(), false);

    for (int chunk = 0; chunk < pushed; chunk++) {
      assertEquals(new Message.ChunkData(chunk, 0, content), right.inbox.nextMessage());
      assertEquals(new Message.ChunkData(chunk, 0, content), left.inbox.nextMessage());
    }
  }

  @Test
  void keepsExactlyOneOfTwoSimultaneousDials() throws Exception {
    for (int round = 0; round < 5; round++) {
      try (Node left = Node.started("left");
          Node right = Node.started("right")) {
        Peer toRight = right.peer();
        Peer toLeft = left.peer();
        left.network.put(toRight);
        right.network.put(toLeft);
        connected(left, right);
        assertTrue(left.inbox.isEmpty() && right.inbox.isEmpty(), "a second session");
        assertTrue(left.statusOf(right).connected());
        assertTrue(right.statusOf(left).connected());
      }
    }
  }

  @Test
  void connectsAgainAfterThePeerRestarts() throws Exception {
    Node left = started("left");
    NodeKey key = NodeKey.ephemeral();
    Node right = new Node("right", key);
    right.start();
    String address = right.address();
    left.dials(right);
    connected(left, right);

    right.close();
    left.inbox.awaitDisconnected();
    Node again = kept(new Node("right", key, Node.QUICK, address, InboundPairing.NONE));
    again.start();
    again.network.put(left.silentPeer());

    connected(left, again);
  }

  @Test
  void connectsAgainAfterARootEndsTheSession() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);

    right.link.disconnect(left.id(), "a dot of ours from the future");

    left.inbox.awaitDisconnected();
    right.inbox.awaitDisconnected();
    connected(left, right);
    assertTrue(left.statusOf(right).lastError().contains("a dot of ours from the future"));
  }

  @Test
  void connectsAgainAtOnceWhenARootWantsToBeGreetedAnew() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);

    right.link.renew(left.id(), "opened again");

    left.inbox.awaitDisconnected();
    right.inbox.awaitDisconnected();
    connected(left, right);
    assertTrue(left.statusOf(right).lastError().contains("opened again"));
  }

  @Test
  void readsFromAPeerThatConnectsAgainThoughItsLastSessionWasPaused() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);
    right.link.pauseReading(left.id(), true);
    right.link.renew(left.id(), "opened again");
    left.inbox.awaitDisconnected();
    right.inbox.awaitDisconnected();

    connected(left, right);
  }

  @Test
  void dropsWhatWasMeantForAnEarlierSessionUntilTheHelloOfThisOne() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    left.inbox.awaitConnected();
    right.inbox.awaitConnected();

    left.link.send(right.id(), new Message.ContentUnavailable(1));
    left.link.send(right.id(), FakeCodec.HELLO);
    left.link.send(right.id(), new Message.ContentUnavailable(2));

    assertEquals(FakeCodec.HELLO, right.inbox.nextMessage());
    assertEquals(new Message.ContentUnavailable(2), right.inbox.nextMessage());
  }

  @Test
  void asksNobodyWhoWouldNotAnswer() throws Exception {
    Node left = started("left");
    Node right = started("right");
    Message question = new Message.ContentUnavailable(1);
    assertFalse(left.link.ask(right.id(), question), "without a session");
    left.dials(right);
    left.inbox.awaitConnected();
    right.inbox.awaitConnected();

    left.link.send(right.id(), FakeCodec.HELLO);
    assertEquals(FakeCodec.HELLO, right.inbox.nextMessage());
    assertFalse(left.link.ask(right.id(), question), "before its Hello");
    right.link.send(left.id(), FakeCodec.HELLO);
    assertEquals(FakeCodec.HELLO, left.inbox.nextMessage());
    assertTrue(left.link.ask(right.id(), question));

    assertEquals(question, right.inbox.nextMessage());
  }

  @Test
  void matchesRootsByNameAndTellsWhichAreMissing() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.network.link("plugins").listen(new Inbox());
    right.network.link("themes").listen(new Inbox());
    left.dials(right);
    connected(left, right);

    assertEquals(
        List.of(
            new PeerStatus.Root("plugins", PeerStatus.Match.MISSING_THERE),
            new PeerStatus.Root("uploads", PeerStatus.Match.ON_BOTH),
            new PeerStatus.Root("themes", PeerStatus.Match.MISSING_HERE)),
        left.statusOf(right).roots());
  }

  @Test
  void offersARootThatListensLater() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);
    Inbox late = new Inbox();
    Inbox later = new Inbox();

    left.network.link("plugins").listen(late);
    right.network.link("plugins").listen(later);

    late.awaitConnected();
    later.awaitConnected();
    left.network.link("plugins").send(right.id(), FakeCodec.HELLO);
    assertEquals(FakeCodec.HELLO, later.nextMessage());
  }

  @Test
  void renewsTheSessionWhenARootLeaves() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);

    left.network.removeLink("uploads");

    right.inbox.awaitDisconnected();
    assertEquals(new Inbox.Event.Disconnected(right.id()), left.inbox.next());
  }

  @Test
  void tellsPeersOfTheOthers() throws Exception {
    Node left = started("left");
    Node right = started("right");
    Node third = started("third");
    left.dials(right);
    connected(left, right);

    right.network.put(third.peer());
    third.network.put(right.silentPeer());

    Peer learned = left.learned.poll(30, TimeUnit.SECONDS);
    assertEquals(third.peer(), learned);
  }

  @Test
  void endsTheSessionOfAPeerThatIsRemoved() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);

    left.network.remove(right.id());

    right.inbox.awaitDisconnected();
    left.inbox.awaitDisconnected();
    assertTrue(left.network.status().isEmpty());
    assertTrue(right.statusOf(left).lastError().contains("removed"));
  }

  @Test
  void controlOvertakesBulk() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);
    byte[] noise = new byte[256 * 1_024];
    new Random(11).nextBytes(noise);
    right.link.pauseReading(left.id(), true);
    right.network.status(); // its answer comes after the pause
    int chunks = 256;
    for (int i = 0; i < chunks; i++) {
      left.link.send(right.id(), new Message.ChunkData(i, 0, Bytes.copyOf(noise)));
    }
    left.link.send(right.id(), new Message.ContentUnavailable(99));
    assertTrue(left.link.queuedBytes(right.id(), Message.Lane.BULK) > 32L * 1_024 * 1_024);
    assertTrue(left.link.queuedBytes(right.id(), Message.Lane.CONTROL) > 0);

    right.link.pauseReading(left.id(), false);

    int before = 0;
    while (right.inbox.nextMessage() instanceof Message.ChunkData) {
      before++;
    }
    // The kernel's buffers of both ends may be full of bulk; the 64 MiB must not be in front.
    assertTrue(before < chunks / 2, before + " of " + chunks + " chunks came first");
    for (int i = before; i < chunks; i++) {
      assertInstanceOf(Message.ChunkData.class, right.inbox.nextMessage());
    }
  }

  @Test
  void keepsAPausedSessionAlive() throws Exception {
    SessionTimes times = new SessionTimes(5_000, 200, 4_000, 20, 200, 60_000, 200);
    Node left = kept(new Node("left", times));
    Node right = kept(new Node("right", times));
    left.start();
    right.start();
    left.dials(right);
    connected(left, right);
    right.link.pauseReading(left.id(), true);
    long sessionSince = left.statusOf(right).sinceMillis();
    byte[] noise = new byte[256 * 1_024];
    new Random(13).nextBytes(noise);
    for (int i = 0; i < 64; i++) {
      left.link.send(right.id(), new Message.ChunkData(i, 0, Bytes.copyOf(noise)));
    }

    // Longer than a silent peer is borne: pings of the paused side show that it lives.
    left.inbox.expectNothingForMillis(6_000);
    right.link.pauseReading(left.id(), false);

    for (int i = 0; i < 64; i++) {
      assertInstanceOf(Message.ChunkData.class, right.inbox.nextMessage());
    }
    assertEquals(sessionSince, left.statusOf(right).sinceMillis());
  }

  @Test
  void namesTheAddressThatIsInUse() throws Exception {
    Node left = started("left");
    Node right =
        kept(
            new Node(
                "right", NodeKey.ephemeral(), Node.QUICK, left.address(), InboundPairing.NONE));

    ListenException refused = assertThrows(ListenException.class, right::start);

    assertEquals(ListenException.Cause.PORT_IN_USE, refused.reason());
    assertTrue(String.valueOf(refused.getMessage()).contains(left.address()));
  }

  @Test
  void listensOnAllAddressesAndOnIpV6() throws Exception {
    Node everywhere =
        kept(new Node("all", NodeKey.ephemeral(), Node.QUICK, "0.0.0.0:0", InboundPairing.NONE));
    everywhere.start();
    Node six =
        kept(new Node("six", NodeKey.ephemeral(), Node.QUICK, "[::1]:0", InboundPairing.NONE));
    six.start();
    six.network.put(everywhere.silentPeer());
    everywhere.network.put(six.peer());
    connected(six, everywhere);
    Node third = started("third");
    everywhere.network.put(third.silentPeer());

    third.network.put(
        new Peer("all", "127.0.0.1:" + everywhere.network.address().port(), everywhere.id()));

    connected(third, everywhere);
  }

  @Test
  void closesWhileBulkWaits() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);
    right.link.pauseReading(left.id(), true);
    right.network.status(); // its answer comes after the pause
    byte[] noise = new byte[256 * 1_024];
    new Random(29).nextBytes(noise);
    for (int i = 0; i < 128; i++) {
      left.link.send(right.id(), new Message.ChunkData(i, 0, Bytes.copyOf(noise)));
    }
    assertTrue(left.link.queuedBytes(right.id(), Message.Lane.BULK) > 0);

    left.close();

    left.inbox.awaitDisconnected();
  }

  @Test
  void measuresTheRoundTrip() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    connected(left, right);
    // A message there and back is behind the first ping and its answer.
    for (int i = 0; i < 3; i++) {
      left.link.send(right.id(), new Message.ContentUnavailable(i));
      right.inbox.nextMessage();
      right.link.send(left.id(), new Message.ContentUnavailable(i));
      left.inbox.nextMessage();
    }

    assertTrue(left.statusOf(right).rttMicros() > 0);
    assertEquals("replicator test", left.statusOf(right).software());
  }

  @Test
  void sendsBulkAtItsPaceAndControlBeforeIt() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    left.network.limit(right.id(), OptionalLong.of(Pace.BYTES_PER_SECOND_MIN));
    connected(left, right);
    byte[] noise = new byte[64 * 1_024];
    new Random(19).nextBytes(noise);
    int chunks = 24;
    for (int i = 0; i < chunks; i++) {
      left.link.send(right.id(), new Message.ChunkData(i, 0, Bytes.copyOf(noise)));
    }
    left.link.send(right.id(), new Message.ContentUnavailable(99));

    int before = 0;
    while (right.inbox.nextMessage() instanceof Message.ChunkData) {
      before++;
    }
    // The second chunk alone would wait for a minute.
    assertTrue(before <= 1, "a message waited for " + before + " chunks");

    long bytesPerSecond = 1_024 * 1_024;
    long began = System.nanoTime();
    left.network.limit(right.id(), OptionalLong.of(bytesPerSecond));
    for (int i = before; i < chunks; i++) {
      assertInstanceOf(Message.ChunkData.class, right.inbox.nextMessage());
    }
    long bytes = (long) (chunks - before - 1) * noise.length;
    long leastNanos =
        TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond
            - TimeUnit.MILLISECONDS.toNanos(Pace.BURST_MILLIS_MAX);
    assertTrue(System.nanoTime() - began >= leastNanos, "bulk was faster than it may be");
  }

  @Test
  void goesOnAtOnceWhenALimitIsLifted() throws Exception {
    Node left = started("left");
    Node right = started("right");
    left.dials(right);
    left.network.limit(right.id(), OptionalLong.of(Pace.BYTES_PER_SECOND_MIN));
    connected(left, right);
    byte[] noise = new byte[256 * 1_024];
    new Random(23).nextBytes(noise);
    for (int i = 0; i < 8; i++) {
      left.link.send(right.id(), new Message.ChunkData(i, 0, Bytes.copyOf(noise)));
    }
    assertInstanceOf(Message.ChunkData.class, right.inbox.nextMessage());

    // The next one alone would take four minutes.
    left.network.limit(right.id(), OptionalLong.empty());

    for (int i = 1; i < 8; i++) {
      assertInstanceOf(Message.ChunkData.class, right.inbox.nextMessage());
    }
  }
}
