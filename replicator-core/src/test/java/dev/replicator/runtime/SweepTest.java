package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Message;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class SweepTest {
  private final ContentCache cache = new ContentCache();
  private final Deque<Runnable> timers = new ArrayDeque<>();
  private final FakeTree tree = new FakeTree(new FakeDisk());
  private final Parts parts = new Parts(tree);
  private final Sweep sweep =
      new Sweep(
          cache,
          new EarlyStaging(tree),
          new EarlyChunks(parts, new FreeSpace(tree, parts)),
          (task, millis) -> timers.add(task));

  /** A timer for each held as many contents in memory as a peer sent within ten seconds. */
  @Test
  void hasOneTimerForAllContentsAndNoneForNone() {
    for (int number = 0; number < 1_000; number++) {
      byte[] octets = {(byte) number, (byte) (number >> Byte.SIZE)};
      cache.put(
          new Message.InlineContent(
              Digest.of(Arrays.copyOf(octets, 32)), ChunkList.EMPTY, Bytes.of(octets)));
      sweep.begin();
    }
    assertEquals(1, timers.size());

    timers.remove().run();
    assertEquals(1, timers.size());
    timers.remove().run();

    assertTrue(timers.isEmpty());
  }
}
