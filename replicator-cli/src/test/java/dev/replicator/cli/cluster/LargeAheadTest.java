package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.control.StatusJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files of which content travels while the rest of it is read. */
class LargeAheadTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** As much as is read beside the thread that asks. */
  private static final int LARGE_BYTES = 8 * MEBIBYTE;

  private static final int FILE_BYTES = 64 * MEBIBYTE;

  /** Of these nobody can tell: they were sent, and came when the file was being staged already. */
  private static final int LATE_BYTES = 8 * MEBIBYTE;

  @TempDir static Path home;
  private static Cluster cluster;
  private static TestNode a;
  private static TestNode b;

  @BeforeAll
  static void start() throws IOException {
    cluster = Cluster.start(home, "a", "b");
    a = cluster.node("a");
    b = cluster.node("b");
    befriend();
  }

  /**
   * Content goes unasked to who has said that all is merged that there was: not the first, maybe.
   */
  private static void befriend() throws IOException {
    Deadline deadline = Deadline.in(PATIENCE);
    for (int round = 0; count("ahead") == 0; round++) {
      assertFalse(deadline.isOver(), b::describe);
      Files.writeString(a.path("small"), "round " + round);
      cluster.converge();
      Files.write(a.path("large"), random(LARGE_BYTES + round));
      cluster.converge();
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static long count(String step) {
    return Optional.ofNullable(b.rootStatus().steps().get(step))
        .map(StatusJson.Step::count)
        .orElse(0L);
  }

  private static byte[] random(int bytes) {
    byte[] octets = new byte[bytes];
    new Random(bytes).nextBytes(octets);
    return octets;
  }

  @Test
  void areStagedFromWhatCameAhead() throws IOException {
    long files = count("stage-ahead");
    long chunks = count("ahead");
    long before = a.status().peers().getFirst().bytesOut();
    Files.write(a.path("new"), random(FILE_BYTES));
    cluster.converge();

    assertEquals(files + 1, count("stage-ahead"), b::describe);
    assertTrue(count("ahead") > chunks, b::describe);
    long sent = a.status().peers().getFirst().bytesOut() - before;
    assertTrue(sent < FILE_BYTES + LATE_BYTES, () -> sent + " bytes were sent\n" + b.describe());
  }

  @Test
  void areRightWhenTheyChangeWhileTheyAreRead() throws IOException {
    byte[] octets = random(FILE_BYTES);
    Path path = a.path("restless");
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(octets));
    }
    for (int round = 0; round < 50; round++) {
      try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(octets, 0, MEBIBYTE / 3), (long) round * MEBIBYTE);
        file.truncate(FILE_BYTES - round);
      }
    }
    cluster.converge();
  }

  @Test
  void keepTheirHoles() throws IOException {
    byte[] octets = random(3 * MEBIBYTE);
    try (FileChannel file =
        FileChannel.open(
            a.path("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long place : new long[] {1, 40, 400, 1_000}) {
        file.write(ByteBuffer.wrap(octets), place * MEBIBYTE + place);
      }
    }
    cluster.converge();

    String kibibytes = Program.shell(b.root(), "du -k sparse | cut -f 1").strip();
    assertTrue(Integer.parseInt(kibibytes) < FILE_BYTES / 1_024, kibibytes);
  }
}
