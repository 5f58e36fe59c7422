package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Digests;
import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.RelativePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A peer with a valid key gives content that is none, and more of it than anybody asked for. The
 * daemons have a small heap, and end when it is full.
 */
class HostileContentTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int FLOOD = 1_000;

  @TempDir static Path home;
  private static Cluster cluster;
  private static TestNode a;
  private static TestNode b;
  private static int rounds;

  @BeforeAll
  static void start() throws IOException {
    cluster = Cluster.start(home, "a", "b");
    a = cluster.node("a");
    b = cluster.node("b");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void othersGoOn() throws IOException {
    assertTrue(a.isRunning(), a::log);
    assertEquals("live", a.rootStatus().state(), a::describe);
    rounds++;
    String text = "round " + rounds;
    Files.writeString(a.path("honest"), text);
    awaitText(b, "honest", text);
  }

  private static void awaitText(TestNode node, String path, String text) {
    Deadline.in(SOON)
        .await(
            node.name() + " shows " + path + " as " + text,
            () -> Files.exists(node.path(path)) && text.equals(Files.readString(node.path(path))),
            node::describe);
  }

  private static void awaitPending(String path) {
    Deadline.in(SOON).await(path + " waits for its content", () -> hasBeenTried(path), a::describe);
    assertTrue(Files.notExists(a.path(path)));
  }

  private static boolean hasBeenTried(String path) {
    return a.rootStatus().pendingPaths().stream()
        .anyMatch(it -> it.path().equals(path) && it.tries() > 0);
  }

  private static HostilePeer hostile() throws IOException {
    return HostilePeer.of(a, cluster.nodes());
  }

  private static void tell(HostilePeer peer, String path, Entry.File file) throws IOException {
    Dot dot = new Dot(HostilePeer.anyReplica(), 1);
    peer.tell(RelativePath.of(path), BrokenRecords.record(dot, file));
  }

  @Test
  void showsNothingWhoseSizeIsNotThatOfItsHash() throws IOException {
    Files.writeString(a.path("held"), "what the hash names");
    awaitText(b, "held", "what the hash names");
    try (HostilePeer peer = hostile()) {
      Digest held = Contents.chunked("what the hash names").file().digest();
      Digest offered = peer.contents.hold("what is offered").digest();
      for (long size : List.of(0L, 3L, 1_000L)) {
        tell(peer, "held-" + size, new Entry.File(held, size));
        tell(peer, "offered-" + size, new Entry.File(offered, size));
      }
      for (long size : List.of(0L, 3L, 1_000L)) {
        awaitPending("held-" + size);
        awaitPending("offered-" + size);
      }
    }
  }

  @Test
  void takesNoMoreChunksThanAFileOfThatSizeHas() throws IOException {
    try (HostilePeer peer = hostile()) {
      Digest file = Digests.of(new byte[] {1});
      AtomicInteger parts = new AtomicInteger();
      List<Chunk> part = Collections.nCopies(Limits.MANIFEST_CHUNKS_MAX, new Chunk.Data(file, 1));
      peer.contents.answer(
          file,
          new Contents.Answers() {
            @Override
            public Stream<Message> lists(Message.ManifestWanted asked) {
              parts.accumulateAndGet(asked.from(), Math::max);
              return Stream.of(
                  new Message.Manifest(
                      asked.request(), Limits.FILE_CHUNKS_MAX, asked.from(), part));
            }

            @Override
            public Stream<Message> chunks(Message.ChunksWanted asked) {
              return Stream.empty();
            }
          });
      tell(peer, "endless", new Entry.File(file, 1_000));
      awaitPending("endless");
      assertEquals(0, parts.get(), "no second part of the list is asked for");
    }
  }

  /** While the first question is not answered the answers to the second one wait in memory. */
  @Test
  void keepsNoMoreAnswersThanItAskedFor() throws Exception {
    byte[] octets = new byte[12 * 1_024 * 1_024];
    new Random(1).nextBytes(octets);
    ChunkedContent content = Contents.chunked(octets);
    CountDownLatch told = new CountDownLatch(1);
    AtomicInteger questions = new AtomicInteger();
    Bytes chunk = Bytes.copyOf(new byte[Limits.CHUNK_BYTES_MAX]);
    try (HostilePeer peer = hostile()) {
      peer.contents.answer(
          content.file().digest(),
          new Contents.Answers() {
            @Override
            public Stream<Message> lists(Message.ManifestWanted asked) {
              List<Chunk> all = content.chunks().chunks();
              return Stream.of(new Message.Manifest(asked.request(), all.size(), 0, all));
            }

            @Override
            public Stream<Message> chunks(Message.ChunksWanted asked) {
              if (questions.incrementAndGet() != 2) {
                return Stream.empty();
              }
              return IntStream.rangeClosed(1, FLOOD)
                  .mapToObj(number -> {
                    if (number == FLOOD) {
                      told.countDown();
                    }
                    return new Message.ChunkData(asked.request(), 0, chunk);
                  });
            }
          });
      tell(peer, "flooded", content.file());
      assertTrue(told.await(SOON.toSeconds(), TimeUnit.SECONDS), a::describe);
      peer.awaitTaken();
      assertTrue(a.isRunning(), a::log);
    }
  }

  @Test
  void keepsNoMoreListsThanItHasRoomFor() throws IOException {
    List<Chunk> holes =
        Collections.nCopies(Limits.MANIFEST_CHUNKS_MAX, new Chunk.Hole(Limits.HOLE_BLOCK_BYTES));
    ChunkList list = new ChunkList(holes);
    try (HostilePeer peer = hostile()) {
      for (int number = 0; number < 2 * FLOOD; number++) {
        Digest digest = Digests.of(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        peer.session()
            .tell(new Message.Ahead(new Message.InlineContent(digest, list, Bytes.EMPTY)));
      }
      peer.awaitTaken();
      assertTrue(a.isRunning(), a::log);
    }
  }

  /** What came ahead of changes and waits for them. */
  private static List<Path> waiting() throws IOException {
    try (Stream<Path> files = Files.walk(a.state())) {
      return files.filter(HostileContentTest::isPart).toList();
    }
  }

  private static boolean isPart(Path file) {
    return file.toString().contains("/staging/")
        && file.getFileName().toString().length() == 2 * Digest.LENGTH_BYTES;
  }

  private static void ahead(HostilePeer peer, String path, long offset, Bytes data)
      throws IOException {
    long reading = path.hashCode();
    peer.session().tell(new Message.ChunkAhead(reading, RelativePath.of(path), offset, data));
  }

  @Test
  void keepsLittleOfWhatNoChangeAsksFor() throws IOException {
    byte[] octets = new byte[Limits.CHUNK_BYTES_MAX];
    Arrays.fill(octets, (byte) 1);
    Bytes chunk = Bytes.of(octets);
    Bytes one = Bytes.copyOf(new byte[] {1});
    try (HostilePeer peer = hostile()) {
      for (int file = 0; file < FLOOD; file++) {
        ahead(peer, "ahead-" + file, 0, chunk);
      }
      for (int number = 0; number < 2 * Limits.CHUNKS_AHEAD_MAX; number++) {
        ahead(peer, "ahead-0", 2L * number + Limits.CHUNK_BYTES_MAX, one);
      }
      for (long offset = 1L << 50; offset < Long.MAX_VALUE / 2; offset *= 2) {
        ahead(peer, "ahead-0", offset, chunk);
        ahead(peer, "ahead-1", offset, chunk);
      }
      peer.awaitTaken();

      List<Path> kept = waiting();
      assertTrue(kept.size() <= Limits.FILES_AHEAD_MAX, kept::toString);
      for (Path file : kept) {
        assertTrue(Files.size(file) <= 3L * Limits.CHUNK_BYTES_MAX, a::describe);
      }
      Deadline.in(SOON).await("all of it goes", () -> waiting().isEmpty(), a::describe);
      try (Stream<Path> shown = Files.list(a.root())) {
        assertTrue(shown.noneMatch(file -> file.toString().contains("ahead-")));
      }
    }
  }

  @Test
  void showsNothingOfWhatCameAheadThatIsNotInTheFile() throws IOException {
    byte[] octets = new byte[12 * 1_024 * 1_024];
    new Random(2).nextBytes(octets);
    ChunkedContent whole = Contents.chunked(octets);
    byte[] sparse = octets.clone();
    Arrays.fill(sparse, 1_024 * 1_024, 2 * 1_024 * 1_024, (byte) 0);
    ChunkedContent holed = Contents.chunked(sparse);
    byte[] others = new byte[Limits.CHUNK_BYTES_MAX];
    new Random(3).nextBytes(others);
    try (HostilePeer peer = hostile()) {
      peer.contents.lie(whole.file().digest(), whole.chunks(), octets);
      peer.contents.lie(holed.file().digest(), holed.chunks(), sparse);
      for (String path : List.of("whole", "holed")) {
        for (int chunk = 0; chunk < 60; chunk++) {
          ahead(peer, path, (long) chunk * others.length, Bytes.copyOf(others));
        }
      }
      tell(peer, "whole", whole.file());
      tell(peer, "holed", holed.file());
      awaitBytes("whole", octets);
      awaitBytes("holed", sparse);
    }
  }

  private static void awaitBytes(String path, byte[] octets) {
    for (TestNode node : cluster.nodes()) {
      Deadline.in(SOON)
          .await(
              node.name() + " shows " + path,
              () ->
                  Files.exists(node.path(path))
                      && Arrays.equals(octets, Files.readAllBytes(node.path(path))),
              node::describe);
    }
  }
}
