package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.content.Chunker;
import dev.replicator.filter.Action;
import dev.replicator.filter.FilterRules;
import dev.replicator.filter.ParsedRules;
import dev.replicator.filter.RuleSource;
import dev.replicator.model.Chunk;
import dev.replicator.model.Digest;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chunks of a large file that go while the rest of it is read. */
class LargeAheadTest extends TwoEngines {
  private static final int FILE_BYTES = 12 * 1_024 * 1_024;

  private final AtomicInteger ahead = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger unasked = new AtomicInteger();
  private final Queue<Runnable> afterReading = new ConcurrentLinkedQueue<>();
  private volatile boolean read;

  /**
   * Content goes unasked to who has said that all is merged that there was: not the first, maybe.
   */
  @BeforeEach
  void befriend() throws Exception {
    for (int round = 0; unasked.get() == 0; round++) {
      String text = "round " + round;
      write("there", "g", text);
      await(() -> read("here", "g").equals(text));
    }
    settle();
  }

  @Override
  PeerLink link(PeerLink link) {
    return Noting.messages(
        link,
        message -> {
          switch (message) {
            case Message.ChunkAhead _ -> ahead.incrementAndGet();
            case Message.ChunksWanted wanted -> asked.addAndGet(wanted.indexes().size());
            case Message.Changes run -> unasked.addAndGet(run.contents().size());
            default -> {}
          }
        });
  }

  @Override
  void prepare(String name, EngineOnDisk parts) {
    RuleSource rule = new RuleSource.Patterns("test", Action.LOCAL, List.of("*.secret"));
    if (FilterRules.parse(List.of(rule)) instanceof ParsedRules.Usable usable) {
      parts.rules(usable.rules());
    }
    if (name.equals("there")) {
      parts.trees(this::disturbed);
    }
  }

  /** A tree in which somebody writes to the file once it was read, and before that is believed. */
  private Tree disturbed(Tree tree) {
    return Noting.calls(
        Tree.class,
        tree,
        (method, arguments) -> {
          if (!arguments.isEmpty() && arguments.getFirst().toString().equals("disturbed")) {
            if (method.equals("look") && read) {
              Optional.ofNullable(afterReading.poll()).ifPresent(Runnable::run);
            }
            read = read || method.equals("readOn");
          }
        });
  }

  private static byte[] random(int seed) {
    byte[] octets = new byte[FILE_BYTES];
    new Random(seed).nextBytes(octets);
    return octets;
  }

  private static int chunks(byte[] octets) {
    Chunker chunker = new Chunker();
    chunker.push(octets, 0, octets.length);
    return (int)
        chunker.finish().orElseThrow().chunks().chunks().stream()
            .filter(Chunk.Data.class::isInstance)
            .count();
  }

  private void assertEqual(String name) throws Exception {
    settle();
    assertEquals(-1, Files.mismatch(file("there", name), file("here", name)));
  }

  private void assertNoParts() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("state-here/staging"))) {
      assertEquals(List.of(), files.filter(LargeAheadTest::isPart).toList());
    }
  }

  private static boolean isPart(Path staged) {
    return staged.getFileName().toString().length() == 2 * Digest.LENGTH_BYTES;
  }

  @Test
  void areNotAskedForAgain() throws Exception {
    byte[] octets = random(1);
    Files.write(file("there", "new"), octets);
    assertEqual("new");

    assertEquals(chunks(octets), ahead.get());
    assertTrue(asked.get() < ahead.get(), asked + " of " + ahead + " are asked for");
    assertNoParts();
  }

  @Test
  void leaveHolesWhereTheyAre() throws Exception {
    byte[] octets = random(2);
    try (FileChannel file =
        FileChannel.open(
            file("there", "sparse"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(octets, 0, FILE_BYTES / 2), 3 * Limits.HOLE_BLOCK_BYTES);
      file.write(ByteBuffer.wrap(octets, FILE_BYTES / 2, FILE_BYTES / 2), 4L * FILE_BYTES);
    }
    assertEqual("sparse");

    assertTrue(asked.get() < ahead.get(), asked + " of " + ahead + " are asked for");
    assertEquals(5L * FILE_BYTES - FILE_BYTES / 2, Files.size(file("here", "sparse")));
    assertNoParts();
  }

  @Test
  void areNotBelievedWhenTheFileChangedMeanwhile() throws Exception {
    byte[] octets = random(3);
    byte[] changed = octets.clone();
    new Random(4).nextBytes(changed);
    System.arraycopy(octets, 0, changed, 0, FILE_BYTES / 2);
    Arrays.fill(changed, FILE_BYTES / 3, FILE_BYTES / 3 + 100_000, (byte) 0);
    byte[] shorter = Arrays.copyOf(changed, FILE_BYTES - 1_000_000);
    Runnable user =
        () -> {
          try (FileChannel file =
              FileChannel.open(file("there", "disturbed"), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(shorter), 0);
            file.truncate(shorter.length);
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
        };
    afterReading.add(user);
    Files.write(file("there", "disturbed"), octets);
    await(afterReading::isEmpty);
    assertEqual("disturbed");

    assertEquals(shorter.length, Files.size(file("here", "disturbed")));
    assertTrue(asked.get() > 0);
    assertTrue(ahead.get() >= chunks(octets));
    assertNoParts();
  }

  @Test
  void areNotThoseOfWhatPeersHaveElsewhere() throws Exception {
    byte[] octets = random(5);
    Files.write(file("there", "one"), octets);
    settle();
    ahead.set(0);

    Files.copy(file("there", "one"), file("there", "copy"));
    assertEqual("copy");
    assertEquals(0, ahead.get());
    Files.move(file("there", "one"), file("there", "moved"));
    assertEqual("moved");
    assertEquals(0, ahead.get());
    Files.writeString(file("there", "copy"), "another");
    settle();
    Files.write(file("there", "copy"), octets);
    assertEqual("copy");

    assertEquals(0, ahead.get());
    assertNoParts();
  }

  /** So is the dump of a database: the date of its first line is another one each day. */
  @Test
  void areNotThoseThatFollowAnotherBeginning() throws Exception {
    byte[] octets = random(9);
    Files.write(file("there", "yesterday"), octets);
    settle();
    ahead.set(0);

    octets[7] ^= 1;
    Files.write(file("there", "today"), octets);
    assertEqual("today");

    assertEquals(1, ahead.get());
  }

  @Test
  void areNotThoseOfALittleThatChanged() throws Exception {
    byte[] octets = random(6);
    Files.write(file("there", "one"), octets);
    settle();
    ahead.set(0);
    asked.set(0);

    octets[FILE_BYTES / 2] ^= 1;
    Files.write(file("there", "one"), octets, StandardOpenOption.WRITE);
    assertEqual("one");

    assertEquals(0, ahead.get() + asked.get());
  }

  @Test
  void areThoseOfMuchThatChanged() throws Exception {
    byte[] octets = random(7);
    Files.write(file("there", "one"), octets);
    settle();
    ahead.set(0);

    System.arraycopy(random(8), 0, octets, FILE_BYTES / 4, FILE_BYTES / 2);
    Files.write(file("there", "one"), octets, StandardOpenOption.WRITE);
    assertEqual("one");

    assertTrue(ahead.get() > 0 && ahead.get() < chunks(octets), ahead + " went");
    assertNoParts();
  }

  @Test
  void areNotThoseOfWhatIsNotReplicated() throws Exception {
    Files.write(file("there", "large.secret"), random(9));
    Files.writeString(file("there", "last"), "last");
    settle();
    assertEquals("last", read("here", "last"));

    assertEquals(0, ahead.get());
  }
}
