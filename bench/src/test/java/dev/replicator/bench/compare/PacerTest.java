package dev.replicator.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long MILLISECOND = 1_000_000;

  @Test
  void delaysWithoutALimit() {
    Pacer pacer = new Pacer(10 * MILLISECOND, 0);

    assertEquals(110 * MILLISECOND, pacer.out(100 * MILLISECOND, 1_000_000));
    assertEquals(110 * MILLISECOND, pacer.out(100 * MILLISECOND, 1_000_000));
  }

  @Test
  void takesTheTimeThatTheBytesNeed() {
    Pacer pacer = new Pacer(10 * MILLISECOND, 1_000_000);

    assertEquals(15 * MILLISECOND, pacer.out(0, 5_000));
  }

  @Test
  void queuesBehindWhatWasPutInBefore() {
    Pacer pacer = new Pacer(10 * MILLISECOND, 1_000_000);

    pacer.out(0, 5_000);

    assertEquals(20 * MILLISECOND, pacer.out(MILLISECOND, 5_000));
  }

  @Test
  void savesNothingUpWhileTheLineIsIdle() {
    Pacer pacer = new Pacer(0, 1_000_000);

    pacer.out(0, 5_000);

    assertEquals(1_005 * MILLISECOND, pacer.out(1_000 * MILLISECOND, 5_000));
  }
}
