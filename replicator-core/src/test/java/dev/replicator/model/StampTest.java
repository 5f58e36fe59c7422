package dev.replicator.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StampTest {
  private static final long SECOND_NANOS = 1_000_000_000;

  private static long youngUntilMillis(long ctimeNanos) {
    return new Stamp(0, 1, 1, 1, ctimeNanos, 0100644, 0, 0, 1).youngUntilMillis();
  }

  @Test
  void fileIsYoungForTwoTicks() {
    assertEquals(5_001 + Stamp.YOUNG_MILLIS, youngUntilMillis(5 * SECOND_NANOS + 1_000_000));
  }

  /** As on ext4 with inodes of 128 bytes. */
  @Test
  void fileOfWhichOnlyTheSecondIsKnownIsYoungForThatSecond() {
    assertEquals(6_000 + Stamp.YOUNG_MILLIS, youngUntilMillis(5 * SECOND_NANOS));
  }
}
