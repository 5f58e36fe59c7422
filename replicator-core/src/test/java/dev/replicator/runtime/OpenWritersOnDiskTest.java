package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import org.junit.jupiter.api.Test;

/** A version of a peer arrives while somebody here has the file open for writing. */
final class OpenWritersOnDiskTest extends TwoEngines {
  private static final long WAIT_MILLIS_MAX = 2_000;

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  @Test
  void comesWithoutHisCloseAfterAWhile() throws Exception {
    long from = System.nanoTime();
    try (FileChannel writer = append("f")) {
      write("there", "f", "theirs");
      await(() -> read("here", "f").equals("theirs"));
      assertTrue(millisSince(from) >= WAIT_MILLIS_MAX, "it did not wait");
      await(this::isWatched);
      assertEquals(3, writer.size());
    }
    await(() -> !isWatched());
  }
}
