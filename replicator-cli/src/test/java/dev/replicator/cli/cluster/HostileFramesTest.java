package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.Change;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.RelativePath;
import dev.replicator.model.VersionVector;
import dev.replicator.proto.Envelope;
import dev.replicator.proto.SessionGoodbye;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A peer with a valid key tells a real daemon what cannot be, and asks for what it may not have.
 */
class HostileFramesTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String OUTSIDE = "nobody may touch this";
  private static final String EXCLUDED = "nobody may have this";

  @TempDir static Path home;
  private static Cluster cluster;
  private static TestNode a;
  private static TestNode b;
  private static Path outside;
  private static int rounds;

  @BeforeAll
  static void start() throws IOException {
    a = TestNode.init(home, "a");
    b = TestNode.init(home, "b");
    Files.writeString(a.config(), "exclude = [\"/private/\"]\n", StandardOpenOption.APPEND);
    outside = Files.writeString(home.resolve("a/outside"), OUTSIDE);
    Files.createDirectory(a.path("private"));
    Files.writeString(a.path("private/secret"), EXCLUDED);
    cluster = new Cluster(List.of(a, b));
    a.start();
    Cluster.join(a, b);
    b.start();
    a.awaitLive(1);
    b.awaitLive(1);
  }

  /** What was refused left nothing in the journal that a start could not read. */
  @AfterAll
  static void stop() throws IOException {
    try (Cluster closing = cluster) {
      if (a.isRunning()) {
        a.kill();
        a.start();
        a.awaitLive(1);
        assertFalse(a.explain(BrokenRecords.PATH).known(), a::describe);
        crosses(a, b);
      }
    }
  }

  @AfterEach
  void nothingElseWasHarmed() throws IOException {
    assertTrue(a.isRunning(), a::log);
    assertEquals("live", a.rootStatus().state(), a::describe);
    assertEquals(OUTSIDE, Files.readString(outside));
    assertEquals(EXCLUDED, Files.readString(a.path("private/secret")));
    assertTrue(Files.notExists(a.path(BrokenRecords.PATH)));
    assertFalse(a.explain(BrokenRecords.PATH).known(), a::describe);
    assertTrue(b.rootStatus().peers().stream().anyMatch(it -> it.connected()), b::describe);
    crosses(a, b);
    crosses(b, a);
  }

  private static void crosses(TestNode from, TestNode to) throws IOException {
    rounds++;
    String text = "round " + rounds;
    Files.writeString(from.path("honest"), text);
    awaitText(to, "honest", text);
  }

  private static void awaitText(TestNode node, String path, String text) {
    Deadline.in(SOON)
        .await(
            node.name() + " shows " + path + " as " + text,
            () -> Files.exists(node.path(path)) && text.equals(Files.readString(node.path(path))),
            node::describe);
  }

  private static HostilePeer hostile() throws IOException {
    return HostilePeer.of(a, cluster.nodes());
  }

  static Stream<Arguments> brokenRecords() {
    return BrokenRecords.all().entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenRecords")
  void endsTheSessionAndStoresNothing(String name, Envelope broken) throws IOException {
    try (HostilePeer peer = hostile()) {
      peer.session().tell(broken);

      SessionGoodbye goodbye = peer.session().awaitGoodbye();

      assertEquals(SessionGoodbye.Reason.RULE_BROKEN, goodbye.getReason(), goodbye.getText());
    }
  }

  @Test
  void endsTheSessionOfWhoKnowsMoreThanWasSaid() throws IOException {
    JournalId other = HostilePeer.anyJournal();
    try (HostilePeer peer = hostile()) {
      for (Message message :
          List.of(
              new Message.Changes(other, 0, 1, List.of(), List.of(), Optional.empty()),
              peer.run(Optional.empty(), 1_000_000),
              new Message.Acknowledgement(
                  peer.greeting().identity().journal(), Long.MAX_VALUE, Long.MAX_VALUE))) {
        peer.session().tell(message);
        SessionGoodbye goodbye = peer.session().awaitGoodbye();
        assertEquals(SessionGoodbye.Reason.RULE_BROKEN, goodbye.getReason(), goodbye.getText());
        peer.connect();
      }
    }
  }

  @Test
  void showsNoContentThatIsNotTheOneThatItsHashNames() throws IOException {
    try (HostilePeer peer = hostile()) {
      Entry.File wanted = Contents.chunked("the right bytes").file();
      ChunkList list = Contents.chunked("the right bytes").chunks();
      ChunkList ofOthers = Contents.chunked("the wrong bytes").chunks();
      byte[] wrong = "the wrong bytes".getBytes(StandardCharsets.UTF_8);
      Dot dot = new Dot(peer.replica(), 1);
      peer.session()
          .tell(
              new Message.Ahead(
                  new Message.InlineContent(wanted.digest(), list, Bytes.copyOf(wrong))));
      peer.contents.lie(wanted.digest(), list, wrong);
      peer.tell(RelativePath.of("lied"), BrokenRecords.record(dot, wanted));
      awaitPending("lied");

      peer.connect();
      peer.session()
          .tell(
              new Message.Ahead(
                  new Message.InlineContent(wanted.digest(), ofOthers, Bytes.copyOf(wrong))));
      peer.contents.lie(wanted.digest(), ofOthers, wrong);
      peer.awaitTaken();
      awaitPending("lied");
      assertTrue(Files.notExists(a.path("lied")));
      assertTrue(Files.notExists(b.path("lied")));

      peer.contents.hold("the right bytes");
      peer.connect();
      awaitText(a, "lied", "the right bytes");
      awaitText(b, "lied", "the right bytes");
    }
  }

  @Test
  void keepsWaitingForAContentThatNobodyCanHave() throws IOException {
    try (HostilePeer peer = hostile()) {
      Digest zeros = Digest.of(new byte[Digest.LENGTH_BYTES]);
      byte[] octets = "anything".getBytes(StandardCharsets.UTF_8);
      peer.contents.lie(zeros, Contents.chunked(octets).chunks(), octets);
      RelativePath path = RelativePath.of("zeros");
      Dot dot = new Dot(peer.replica(), 1);
      peer.tell(path, BrokenRecords.record(dot, new Entry.File(zeros, octets.length)));
      awaitPending("zeros");

      peer.contents.lie(zeros, new ChunkList(List.of(new Chunk.Data(zeros, 8))), octets);
      peer.connect();
      peer.awaitTaken();
      awaitPending("zeros");
      assertTrue(Files.notExists(a.path("zeros")));

      Dot next = new Dot(peer.replica(), 2);
      peer.tell(path, BrokenRecords.record(next, Entry.ABSENT));
      Deadline.in(SOON).await("nothing waits", () -> a.rootStatus().pending() == 0, a::describe);
    }
  }

  private static void awaitPending(String path) {
    Deadline.in(SOON)
        .await(
            path + " waits for its content",
            () ->
                a.rootStatus().pendingPaths().stream()
                    .anyMatch(it -> it.path().equals(path) && it.tries() > 0),
            a::describe);
  }

  @Test
  void givesNothingButWhatIsIndexed() throws IOException {
    Files.writeString(a.path("public"), "everybody may have this");
    Files.writeString(a.path("stale"), "as it was");
    awaitText(b, "public", "everybody may have this");
    awaitText(b, "stale", "as it was");
    Files.writeString(a.path("stale"), "as it is now");
    awaitText(b, "stale", "as it is now");
    Files.createSymbolicLink(a.path("leads-out"), outside);
    String key = Files.readString(a.state().resolve("key.pem"));
    try (HostilePeer peer = hostile()) {
      assertEquals("everybody may have this", given(peer, "public", "everybody may have this"));
      for (String path : List.of("public", "private/secret", "leads-out", "never", "stale")) {
        for (String text : List.of(EXCLUDED, OUTSIDE, key, "never told")) {
          assertFalse(isListed(peer, path, text), () -> path + ": " + text);
          assertEquals("", given(peer, path, text), () -> path + ": " + text);
        }
        assertEquals("", given(peer, path, "as it was"), path);
      }
    }
  }

  @Test
  void touchesNothingThatIsExcludedOrItsOwn() throws IOException {
    try (HostilePeer peer = hostile()) {
      VersionVector all = peer.greeting().clock();
      Entry.File planted = peer.contents.hold("planted");
      List<Change> changes =
          List.of(
              change(peer, all, 1, "private", Entry.ABSENT),
              change(peer, all, 2, "private/secret", planted),
              change(peer, all, 3, "private/planted", planted),
              change(peer, all, 4, ".replicator", planted),
              change(peer, all, 5, ".replicator/planted", planted),
              change(peer, all, 6, "planted-at-last", planted));
      peer.session().tell(new Message.Told(changes));
      awaitText(a, "planted-at-last", "planted");
      awaitText(b, "private/planted", "planted");

      assertEquals(EXCLUDED, Files.readString(a.path("private/secret")));
      assertTrue(Files.notExists(a.path("private/planted")));
      for (TestNode node : cluster.nodes()) {
        assertFalse(Files.isRegularFile(node.path(".replicator")), node::describe);
        assertTrue(Files.notExists(node.path(".replicator/planted")), node::describe);
      }
    }
  }

  private static Change change(
      HostilePeer peer, VersionVector known, long counter, String path, Entry entry) {
    Dot dot = new Dot(peer.replica(), counter);
    return new Change(0, RelativePath.of(path), BrokenRecords.record(known, dot, entry), 0);
  }

  /** Whether the daemon tells of which chunks {@code text} is made, asked for it by its hash. */
  private static boolean isListed(HostilePeer peer, String path, String text) throws IOException {
    Digest file = Contents.chunked(text).file().digest();
    peer.session().tell(new Message.ManifestWanted(1, RelativePath.of(path), file, 0));
    return peer.session().await(Message.class, HostileFramesTest::isAnswer)
        instanceof Message.Manifest;
  }

  /** What the daemon gives who asks for {@code text} by its hash. */
  private static String given(HostilePeer peer, String path, String text) throws IOException {
    Digest file = Contents.chunked(text).file().digest();
    peer.session().tell(new Message.ChunksWanted(2, RelativePath.of(path), file, List.of(0)));
    return peer.session().await(Message.class, HostileFramesTest::isAnswer)
            instanceof Message.ChunkData data
        ? new String(data.data().toArray(), StandardCharsets.UTF_8)
        : "";
  }

  private static boolean isAnswer(Message message) {
    return message instanceof Message.Manifest
        || message instanceof Message.ChunkData
        || message instanceof Message.ContentUnavailable;
  }
}
