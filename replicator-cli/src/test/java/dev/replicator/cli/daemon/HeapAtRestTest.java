package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.daemon.HeapAtRest.Reading;
import org.junit.jupiter.api.Test;

class HeapAtRestTest {
  private static final long LEAST = 40L << 20;
  private static final Reading BEFORE = new Reading(1L << 30, 150L << 20);

  private static Reading after(long allocated, long committed) {
    return new Reading(BEFORE.allocatedBytes() + allocated, committed);
  }

  @Test
  void collectsWhatABurstTookOnceTheNodeIsAtRest() {
    assertTrue(after(1_000, 150L << 20).isWorthCollecting(BEFORE, LEAST));
  }

  @Test
  void collectsNothingWhileThereIsWork() {
    long many = HeapAtRest.REST_BYTES_MAX + 1;

    assertFalse(after(many, 150L << 20).isWorthCollecting(BEFORE, LEAST));
  }

  @Test
  void collectsOnceForOneBurst() {
    assertFalse(after(1_000, LEAST).isWorthCollecting(BEFORE, LEAST));
    assertFalse(
        after(1_000, LEAST + HeapAtRest.WORTH_BYTES_MIN - 1).isWorthCollecting(BEFORE, LEAST));
  }

  @Test
  void readsWhatThisMachineHas() {
    Reading first = Reading.take();
    byte[] more = new byte[1 << 20];
    Reading second = Reading.take();

    assertTrue(first.committedBytes() > 0);
    assertTrue(second.allocatedBytes() - first.allocatedBytes() >= more.length);
  }
}
