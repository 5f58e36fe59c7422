package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.port.PeerLink;
import dev.replicator.port.Tree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Content that a node has under another path, or had, is not sent to it. */
class KnownContentTest extends TwoEngines {
  /** More than an outbox remembers to have sent. */
  private static final int FILES = 100;

  private static final int LARGE_BYTES = 700_000;
  private static final int BURST_FILES = 2_000;
  private static final long BURST_BYTES_MIN = 16 * 1024 * 1024;

  private final AtomicLong contentBytes = new AtomicLong();
  private final AtomicLong questions = new AtomicLong();
  private final AtomicLong syncs = new AtomicLong();

  @Override
  void prepare(String name, EngineOnDisk parts) {
    parts.trees(tree -> Noting.calls(Tree.class, tree, (call, arguments) -> noteSync(call)));
  }

  private void noteSync(String call) {
    syncs.addAndGet(call.equals("sync") ? 1 : 0);
  }

  @Override
  PeerLink link(PeerLink link) {
    return Noting.messages(
        link,
        message -> {
          contentBytes.addAndGet(contentBytes(message));
          questions.addAndGet(isQuestion(message) ? 1 : 0);
        });
  }

  private static boolean isQuestion(Message message) {
    return message instanceof Message.ManifestWanted || message instanceof Message.ChunksWanted;
  }

  private static long contentBytes(Message message) {
    if (message instanceof Message.Changes changes) {
      return changes.contents().stream().mapToLong(content -> content.data().length()).sum();
    }
    if (message instanceof Message.Ahead ahead) {
      return ahead.content().data().length();
    }
    if (message instanceof Message.ChunkAhead chunk) {
      return chunk.data().length();
    }
    return message instanceof Message.ChunkData chunk ? chunk.data().length() : 0;
  }

  private void fill(Path top) throws IOException {
    Random random = new Random(7);
    Files.createDirectory(top);
    for (int i = 0; i < FILES; i++) {
      byte[] content = new byte[i == 0 ? LARGE_BYTES : 100 + 700 * i];
      random.nextBytes(content);
      Files.write(top.resolve("f" + i), content);
    }
  }

  private void assertEqualTrees(String name) throws IOException {
    for (int i = 0; i < FILES; i++) {
      assertEquals(
          -1, Files.mismatch(file("here", name + "/f" + i), file("there", name + "/f" + i)));
    }
  }

  @Test
  void isNotSentWhenItsDirectoryMoves() throws Exception {
    fill(file("here", "d"));
    settle();
    assertTrue(contentBytes.getAndSet(0) > LARGE_BYTES);

    Files.move(file("here", "d"), file("here", "e"));
    settle();

    assertEqualTrees("e");
    assertTrue(Files.notExists(file("there", "d")));
    assertEquals(0, contentBytes.get());
  }

  @Test
  void isNotSentWhenItsFileIsCopiedOrComesBackAfterAnother() throws Exception {
    fill(file("here", "d"));
    settle();
    contentBytes.set(0);

    for (String name : List.of("f0", "f1", "f2")) {
      Files.copy(file("here", "d/" + name), file("here", name + " copy"));
    }
    settle();
    assertEquals(-1, Files.mismatch(file("here", "d/f0"), file("there", "f0 copy")));
    assertEquals(0, contentBytes.get());

    byte[] first = Files.readAllBytes(file("here", "d/f5"));
    Files.writeString(file("here", "d/f5"), "something else");
    settle();
    contentBytes.set(0);
    Files.write(file("here", "d/f5"), first);
    settle();
    assertEqualTrees("d");
    assertEquals(0, contentBytes.get());
  }

  @Test
  void isSentWhereThePeerHasItNoMore() throws Exception {
    fill(file("there", "d"));
    settle();
    byte[] first = Files.readAllBytes(file("there", "d/f9"));
    Files.delete(file("there", "d/f9"));
    settle();
    stopHere();
    try (Stream<Path> files = Files.walk(directory.resolve("state-here"))) {
      for (Path kept : files.filter(file -> file.toString().contains("/vault/")).toList()) {
        assertTrue(Files.isDirectory(kept) || Files.deleteIfExists(kept));
      }
    }
    startHere();
    settle();
    contentBytes.set(0);

    Files.write(file("there", "d/f9"), first);
    settle();

    assertEqualTrees("d");
    assertEquals(first.length, contentBytes.get());
  }

  private void changeInside(byte[] content, int at, byte[] changed) throws Exception {
    Path file = file("here", "large");
    Files.write(file, content);
    settle();
    contentBytes.set(0);
    questions.set(0);

    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(changed), at);
    }
    settle();

    assertEquals(-1, Files.mismatch(file, file("there", "large")));
  }

  @Test
  void isNotSentOfALargeFileThatChangedInside() throws Exception {
    byte[] content = new byte[20_000_000];
    new Random(3).nextBytes(content);
    changeInside(content, 9_000_000, new byte[100]);
    assertTrue(contentBytes.get() > 0 && contentBytes.get() <= 2 * Limits.CHUNK_BYTES_MAX);
    assertEquals(0, questions.get());
  }

  @Test
  void isNotSentOfALargeFileThatMovesAfterItChangedInside() throws Exception {
    byte[] content = new byte[4_000_000];
    new Random(5).nextBytes(content);
    changeInside(content, 1_000_000, new byte[100]);
    fill(file("here", "d"));
    settle();
    contentBytes.set(0);

    Files.move(file("here", "large"), file("here", "moved"));
    settle();

    assertEquals(-1, Files.mismatch(file("here", "moved"), file("there", "moved")));
    assertEquals(0, contentBytes.get());
  }

  @Test
  void isAskedForWhereTooMuchChanged() throws Exception {
    byte[] content = new byte[4_000_000];
    new Random(4).nextBytes(content);
    changeInside(content, 1_000_000, new byte[1_000_000]);
    assertTrue(questions.get() > 0);
  }

  /**
   * A burst of more than any buffer of contents holds: few are sent twice, because they were asked
   * for while they were on their way. What comes is synced together, not file by file.
   */
  @Test
  void isHardlySentTwiceInABurst() throws Exception {
    Random random = new Random(11);
    long bytes = 0;
    contentBytes.set(0);
    questions.set(0);
    syncs.set(0);
    Files.createDirectories(file("here", "burst"));
    for (int i = 0; i < BURST_FILES; i++) {
      byte[] content = new byte[9_000 + random.nextInt(4_000)];
      random.nextBytes(content);
      bytes += content.length;
      Files.write(file("here", "burst").resolve("f" + i), content);
    }
    settle();

    assertTrue(bytes > BURST_BYTES_MIN);
    for (int i = 0; i < BURST_FILES; i++) {
      assertEquals(-1, Files.mismatch(file("here", "burst/f" + i), file("there", "burst/f" + i)));
    }
    long sent = contentBytes.get();
    assertTrue(sent >= bytes && sent < bytes + bytes / 2, () -> sent + " bytes");
    assertTrue(questions.get() < BURST_FILES, () -> questions.get() + " questions");
    assertTrue(syncs.get() < BURST_FILES / 20, () -> syncs.get() + " syncs");
  }
}
