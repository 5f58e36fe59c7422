package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.port.PeerLink;
import dev.replicator.port.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A large file that is renamed on one node is renamed on the other, on real disks. */
class RenamedFileTest extends TwoEngines {
  private static final int LARGE_BYTES = 20_000_000;

  private final AtomicLong contentBytes = new AtomicLong();

  /** Done when the file is to be looked at next. */
  private final Queue<Runnable> beforeLook = new ConcurrentLinkedQueue<>();

  @Override
  PeerLink link(PeerLink link) {
    return Noting.messages(link, message -> contentBytes.addAndGet(contentBytes(message)));
  }

  @Override
  void prepare(String name, EngineOnDisk parts) {
    if (name.equals("here")) {
      parts.trees(tree ->
          Noting.calls(
              Tree.class,
              tree,
              (method, arguments) -> {
                if (method.equals("look") && arguments.getFirst().toString().equals("large")) {
                  Optional.ofNullable(beforeLook.poll()).ifPresent(Runnable::run);
                }
              }));
    }
  }

  private static long contentBytes(Message message) {
    if (message instanceof Message.Changes changes) {
      return changes.contents().stream().mapToLong(content -> content.data().length()).sum();
    }
    if (message instanceof Message.ChunkAhead chunk) {
      return chunk.data().length();
    }
    return message instanceof Message.ChunkData chunk ? chunk.data().length() : 0;
  }

  private byte[] fill(String name, int bytes) throws Exception {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    Files.write(file("here", name), content);
    settle();
    contentBytes.set(0);
    return content;
  }

  private Object inode(String node, String name) throws IOException {
    return Files.getAttribute(file(node, name), "unix:ino");
  }

  private long kept(String node) throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve("state-" + node))) {
      return all.filter(Files::isRegularFile)
          .filter(path -> path.toString().contains("/vault/"))
          .mapToLong(path -> path.toFile().length())
          .filter(bytes -> bytes >= Limits.MOVED_FILE_BYTES_MIN)
          .count();
    }
  }

  private void assertAt(String name, byte[] content) throws IOException {
    for (String node : new String[] {"here", "there"}) {
      assertArrayEquals(content, Files.readAllBytes(file(node, name)), node);
    }
  }

  @Test
  void keepsItsInodeAndSendsAndKeepsNoContent() throws Exception {
    byte[] content = fill("large", LARGE_BYTES);
    Object inode = inode("there", "large");

    Files.move(file("here", "large"), file("here", "moved"));
    await(() -> Files.notExists(file("there", "large")));
    settle();

    assertAt("moved", content);
    assertEquals(inode, inode("there", "moved"));
    assertEquals(0, contentBytes.get());
    assertEquals(0, kept("there"));
    assertEquals(0, kept("here"));
  }

  @Test
  void comesIntoAnotherDirectoryAndBack() throws Exception {
    Files.createDirectories(file("here", "d/e"));
    byte[] content = fill("large", LARGE_BYTES);
    Object inode = inode("there", "large");
    for (String[] move : new String[][] {{"large", "d/e/moved"}, {"d/e/moved", "large"}}) {
      Files.move(file("here", move[0]), file("here", move[1]));
      await(() -> Files.notExists(file("there", move[0])));
      settle();

      assertAt(move[1], content);
      assertEquals(inode, inode("there", move[1]));
    }
    assertEquals(0, contentBytes.get());
    assertEquals(0, kept("there"));
  }

  @Test
  void isCopiedWhereItIsSmall() throws Exception {
    byte[] content = fill("small", (int) Limits.MOVED_FILE_BYTES_MIN - 1);
    Object inode = inode("there", "small");

    Files.move(file("here", "small"), file("here", "moved"));
    await(() -> Files.notExists(file("there", "small")));
    settle();

    assertAt("moved", content);
    assertNotEquals(inode, inode("there", "moved"));
  }

  @Test
  void isWhatItsLastWriterMadeOfItInAnyOrder() throws Exception {
    byte[] content = fill("large", LARGE_BYTES);
    content[7]++;
    change("large", content);
    Files.move(file("here", "large"), file("here", "moved"));
    settle();
    assertAt("moved", content);

    Files.move(file("here", "moved"), file("here", "again"));
    content[9]++;
    change("again", content);
    settle();
    assertAt("again", content);
    assertTrue(contentBytes.get() <= 4 * Limits.CHUNK_BYTES_MAX, contentBytes::toString);
  }

  @Test
  void isSentNoMoreThanWhatChangedWhereItIsMissedUnderItsOldNameFirst() throws Exception {
    byte[] content = fill("large", LARGE_BYTES);
    beforeLook.add(() -> {
      try {
        Files.move(file("here", "large"), file("here", "moved"));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    });
    content[7]++;
    change("large", content);
    await(() -> Files.exists(file("there", "moved")));
    settle();

    assertAt("moved", content);
    assertTrue(contentBytes.get() <= 2 * Limits.CHUNK_BYTES_MAX, contentBytes::toString);
  }

  private void change(String name, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(file("here", name), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content, 0, 16), 0);
    }
  }

  @Test
  void isCopiedToEachNameWhenBothNodesRenameIt() throws Exception {
    byte[] content = fill("large", LARGE_BYTES);

    Files.move(file("here", "large"), file("here", "mine"));
    Files.move(file("there", "large"), file("there", "theirs"));
    await(() -> Files.exists(file("there", "mine")) && Files.exists(file("here", "theirs")));
    settle();

    assertAt("mine", content);
    assertAt("theirs", content);
    assertTrue(Files.notExists(file("here", "large")));
    assertTrue(Files.notExists(file("there", "large")));
  }

  @Test
  void endsUnderTheLastOfSeveralNames() throws Exception {
    byte[] content = fill("large", LARGE_BYTES);
    String last = "large";
    for (int i = 0; i < 4; i++) {
      Files.move(file("here", last), file("here", "n" + i));
      last = "n" + i;
    }
    await(() -> Files.exists(file("there", "n3")) && Files.notExists(file("there", "large")));
    settle();

    assertAt("n3", content);
    for (int i = 0; i < 3; i++) {
      assertTrue(Files.notExists(file("there", "n" + i)));
    }
    assertEquals(0, contentBytes.get());
  }

  @Test
  void isFollowedWhereAProgramOfThePeerHasItOpen() throws Exception {
    fill("large", LARGE_BYTES);
    Object inode = inode("there", "large");
    try (FileChannel writer = FileChannel.open(file("there", "large"), StandardOpenOption.APPEND)) {
      Files.move(file("here", "large"), file("here", "moved"));
      await(() -> Files.notExists(file("there", "large")));
      assertEquals(inode, inode("there", "moved"));
      write(writer, "and more");
    }

    await(() -> Files.size(file("here", "moved")) == LARGE_BYTES + 8);

    settle();
    assertEquals(-1, Files.mismatch(file("here", "moved"), file("there", "moved")));
  }

  @Test
  void standsBesideAnotherThatTakesItsNameAtOnce() throws Exception {
    byte[] content = fill("log", LARGE_BYTES);

    Files.move(file("here", "log"), file("here", "log.1"));
    write("here", "log", "a new one");
    await(() -> Files.size(file("there", "log")) == "a new one".length());
    settle();

    assertAt("log.1", content);
    assertEquals(0, contentBytes.get() / LARGE_BYTES);
  }
}
