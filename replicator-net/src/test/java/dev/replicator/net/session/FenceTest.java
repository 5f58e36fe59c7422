package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceAnswer.Verdict;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.port.ArbiterSeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions to an arbiter over real sessions. */
@Timeout(120)
final class FenceTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final FenceRequest FENCE =
      new FenceRequest.Fence("r0", NodeId.of(new byte[32]), 5);

  private final List<Node> nodes = new ArrayList<>();

  /** A question as it reached the arbiter. */
  private record Asked(NodeId asker, FenceRequest request, Consumer<FenceAnswer> answer) {}

  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private final ArbiterSeat seat =
      (asker, request, answer) -> asked.add(new Asked(asker, request, answer));

  @AfterEach
  void closeNodes() {
    nodes.forEach(Node::close);
  }

  private Node started(String name) throws ListenException {
    Node node = Node.started(name);
    nodes.add(node);
    return node;
  }

  private static void connect(Node one, Node other) throws InterruptedException {
    one.dials(other);
    one.inbox.awaitConnected();
    other.inbox.awaitConnected();
  }

  private Asked next() throws InterruptedException {
    Asked question = asked.poll(LONG.toSeconds(), TimeUnit.SECONDS);
    if (question == null) {
      throw new AssertionError("nothing was asked");
    }
    return question;
  }

  @Test
  void carriesAQuestionWithTheProvenAskerAndItsAnswer() throws Exception {
    Node asker = started("asker");
    Node arbiter = started("arbiter");
    arbiter.network.decideBy(seat);
    connect(asker, arbiter);
    FenceAnswer granted = new FenceAnswer(Verdict.GRANTED, 7, "goes on alone");
    Thread.ofVirtual()
        .start(() -> {
          try {
            next().answer().accept(granted);
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
    assertEquals(granted, asker.network.ask(arbiter.id(), FENCE, LONG));
  }

  @Test
  void tellsWhoAskedByTheKeyAlone() throws Exception {
    Node asker = started("asker");
    Node arbiter = started("arbiter");
    arbiter.network.decideBy(seat);
    connect(asker, arbiter);
    asker.network.ask(arbiter.id(), FENCE, SHORT);
    Asked question = next();
    assertEquals(asker.id(), question.asker());
    assertEquals(FENCE, question.request());
  }

  @Test
  void isNotAbleWithoutASessionOrAnAnswer() throws Exception {
    Node asker = started("asker");
    Node arbiter = started("arbiter");
    assertEquals("not connected", asker.network.ask(arbiter.id(), FENCE, LONG).text());
    connect(asker, arbiter);
    FenceAnswer nobody = asker.network.ask(arbiter.id(), FENCE, LONG);
    assertEquals(Verdict.NOT_ABLE, nobody.verdict());
    assertEquals("this node decides for nobody", nobody.text());
    arbiter.network.decideBy(seat);
    assertEquals("no answer within 100 ms", asker.network.ask(arbiter.id(), FENCE, SHORT).text());
  }

  @Test
  void dropsTheAnswerToAQuestionThatWasGivenUp() throws Exception {
    Node asker = started("asker");
    Node arbiter = started("arbiter");
    arbiter.network.decideBy(seat);
    connect(asker, arbiter);
    asker.network.ask(arbiter.id(), FENCE, SHORT);
    next().answer().accept(new FenceAnswer(Verdict.GRANTED, 1, "late"));
    assertEquals(Verdict.NOT_ABLE, asker.network.ask(arbiter.id(), FENCE, SHORT).verdict());
    assertTrue(asker.statusOf(arbiter).connected(), "the session ended");
  }

  @Test
  void isNotAbleOnceTheSessionHasEnded() throws Exception {
    Node asker = started("asker");
    Node arbiter = started("arbiter");
    arbiter.network.decideBy((_, _, _) -> arbiter.network.remove(asker.id()));
    connect(asker, arbiter);
    assertEquals(Verdict.NOT_ABLE, asker.network.ask(arbiter.id(), FENCE, LONG).verdict());
  }

  @Test
  void decidesNoMoreAtOnceThanItMay() throws Exception {
    Node asker = started("asker");
    Node arbiter = started("arbiter");
    arbiter.network.decideBy(seat);
    connect(asker, arbiter);
    for (int i = 0; i < SessionLimits.FENCES_ASKED_MAX; i++) {
      asker.network.ask(arbiter.id(), FENCE, Duration.ofMillis(1));
    }
    for (int i = 0; i < SessionLimits.FENCES_ASKED_MAX; i++) {
      next();
    }
    assertEquals("too many questions at once", asker.network.ask(arbiter.id(), FENCE, LONG).text());
  }

  /** A release without the frames: its session must stand, and nothing be granted. */
  @Test
  void asksNothingOfAReleaseThatKnowsNoArbiters() throws Exception {
    Node asker = started("asker");
    NodeKey old = NodeKey.ephemeral();
    asker.network.put(new Peer("old", "", old.node()));
    try (RawPeer peer = RawPeer.connect(old, asker).opened()) {
      peer.withRoot();
      asker.inbox.awaitConnected();
      assertEquals(
          "its release decides for nobody", asker.network.ask(old.node(), FENCE, LONG).text());
      peer.send(new Control.Ping(77));
      Control heard = peer.receive();
      while (!(heard instanceof Control.Pong)) {
        assertTrue(!(heard instanceof Control.Fence), "a question was sent");
        heard = peer.receive();
      }
      assertInstanceOf(Control.Pong.class, heard);
    }
  }

  @Test
  void endsASessionThatBreaksTheFormOfAQuestion() throws Exception {
    Node arbiter = started("arbiter");
    arbiter.network.decideBy(seat);
    byte[] tooLong = new byte[SessionLimits.FENCE_BYTES_MAX + 1];
    for (byte[] body : List.of(new byte[0], new byte[] {1}, tooLong)) {
      NodeKey key = NodeKey.ephemeral();
      arbiter.network.put(new Peer("raw", "", key.node()));
      try (RawPeer peer = RawPeer.connect(key, arbiter).opened()) {
        peer.send(new Frame(FrameType.FENCE, 0, body));
        assertEquals(Control.Farewell.RULE_BROKEN, peer.receiveGoodbye().reason());
      }
    }
    assertEquals(0, asked.size());
  }
}
