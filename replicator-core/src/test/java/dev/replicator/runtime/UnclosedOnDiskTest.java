package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What somebody writes to a file that he does not close reaches the peers all the same. */
class UnclosedOnDiskTest extends TwoEngines {
  private static final int LARGE_BYTES = 9 * 1024 * 1024;

  private volatile boolean enough;

  @Override
  void prepare(String name, EngineOnDisk parts) {
    parts.unclosed(Duration.ofMillis(100));
  }

  @Test
  void whatALogGotReachesThePeer() throws Exception {
    try (FileChannel log = append("f")) {
      for (int line = 1; line <= 3; line++) {
        write(log, "line " + line);
        String text = read("here", "f");
        await(() -> read("there", "f").equals(text));
      }
    }
  }

  @Test
  void aNewFileReachesThePeerThoughNobodyClosesIt() throws Exception {
    try (FileChannel log =
        FileChannel.open(
            file("here", "new"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      write(log, "first");
      await(() -> read("there", "new").equals("first"));
    }
  }

  /** A byte at a time, as fast as it goes. */
  @Test
  void aFileThatIsWrittenWithoutAPauseReachesThePeerAndThenItsEnd() throws Exception {
    CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeOn("f", 1, 0));
    try {
      await(() -> Files.size(file("there", "f")) > 1_000);
    } finally {
      enough = true;
      writer.get();
    }
    await(() -> Files.mismatch(file("here", "f"), file("there", "f")) == -1);
  }

  /** It is longer whenever it was read, and when its chunks are asked for. */
  @Test
  void theBeginningOfALargeFileThatGrowsWithoutAPauseReachesThePeer() throws Exception {
    byte[] large = new byte[LARGE_BYTES];
    new Random(3).nextBytes(large);
    Files.write(file("here", "f"), large);
    CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeOn("f", 100, 50_000));
    try {
      await(() -> Files.size(file("there", "f")) > LARGE_BYTES);
      Path begun = Files.copy(file("there", "f"), directory.resolve("begun"));
      assertEquals(Files.size(begun), Files.mismatch(begun, file("here", "f")));
    } finally {
      enough = true;
      writer.get();
    }
    await(() -> Files.mismatch(file("here", "f"), file("there", "f")) == -1);
  }

  private void writeOn(String name, int octets, long pauseNanos) {
    ByteBuffer piece = ByteBuffer.wrap(new byte[octets]);
    try (FileChannel file = append(name)) {
      while (!enough) {
        file.write(piece.rewind());
        if (pauseNanos > 0) {
          LockSupport.parkNanos(pauseNanos);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void othersAreNotHeldUpByAWriterWithoutAPause() throws Exception {
    CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeOn("f", 1, 0));
    try {
      for (int file = 0; file < 20; file++) {
        String name = "other" + file;
        write("here", name, "x");
        await(() -> read("there", name).equals("x"));
      }
    } finally {
      enough = true;
      writer.get();
    }
  }

  /** Nothing but the close tells of it: it is read once. */
  @Test
  void whatIsWrittenAndClosedIsReadOnce() throws Exception {
    long before = reads();
    for (int file = 0; file < 20; file++) {
      write("here", "closed" + file, "x" + file);
    }
    settle();
    try (FileChannel log = append("f")) {
      // Once this was told, whatever could be told of the others was.
      write(log, "end");
      await(() -> read("there", "f").endsWith("end"));
    }
    assertEquals(before + 21, reads());
  }

  private long reads() {
    return Optional.ofNullable(engine().report().stageMicros().get("read"))
        .map(RootReport.StepTimes::count)
        .orElse(0L);
  }
}
