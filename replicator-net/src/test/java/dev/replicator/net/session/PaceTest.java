package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MEBIBYTE = 1 << 20;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Steady clocks begin anywhere, and pass the greatest number. */
  private long nowNanos = Long.MAX_VALUE - SECOND;

  private final Pace pace = new Pace();

  private void limit(long bytesPerSecond) {
    pace.limit(OptionalLong.of(bytesPerSecond), nowNanos);
  }

  /** Sends frames as soon as they may go; how long that took. */
  private long sendNanos(int frames, long bytes) {
    long began = nowNanos;
    for (int i = 0; i < frames; i++) {
      nowNanos += pace.waitNanos(nowNanos);
      assertEquals(0, pace.waitNanos(nowNanos));
      pace.sent(bytes, nowNanos);
    }
    return nowNanos - began;
  }

  @Test
  void letsEverythingGoWithoutALimit() {
    assertEquals(0, sendNanos(1_000, MEBIBYTE));
  }

  @Test
  void takesAsLongAsTheBytesTakeAtThePace() {
    limit(MEBIBYTE);

    long taken = sendNanos(161, MEBIBYTE / 16);

    // What may go at once, and the last frame, which is paid for afterwards, are all that is free.
    assertTrue(taken <= 10 * SECOND, taken + " ns");
    assertTrue(taken >= 10 * SECOND - TimeUnit.MILLISECONDS.toNanos(200), taken + " ns");
  }

  @Test
  void lateWakingCostsNothing() {
    limit(MEBIBYTE);
    long began = nowNanos;
    Random random = new Random(3);
    for (int i = 0; i < 160; i++) {
      nowNanos += pace.waitNanos(nowNanos) + random.nextLong(SECOND / 100);
      pace.sent(MEBIBYTE / 16, nowNanos);
    }

    assertTrue(nowNanos - began <= 10 * SECOND, nowNanos - began + " ns");
  }

  @Test
  void savesNoMoreThanABurstWhateverTheSilence() {
    limit(MEBIBYTE);
    nowNanos += 3_600 * SECOND;

    long taken = sendNanos(17, MEBIBYTE / 16);

    assertTrue(taken >= SECOND - TimeUnit.MILLISECONDS.toNanos(Pace.BURST_MILLIS_MAX));
  }

  @Test
  void neverSavesMoreThanTheGreatestBurst() {
    long fast = 1_024 * MEBIBYTE;
    limit(fast);
    nowNanos += SECOND;
    int frames = 0;
    while (pace.waitNanos(nowNanos) == 0) {
      pace.sent(MEBIBYTE / 16, nowNanos);
      frames++;
    }

    long sent = frames * MEBIBYTE / 16;
    assertTrue(sent >= Pace.BURST_BYTES_MAX, sent + " bytes");
    assertTrue(sent <= Pace.BURST_BYTES_MAX + MEBIBYTE / 16, sent + " bytes");
  }

  @Test
  void letsAFrameGoThatIsLargerThanABurst() {
    limit(64 * 1_024);
    assertEquals(0, sendNanos(1, 256 * 1_024));

    long wait = pace.waitNanos(nowNanos);
    assertTrue(wait > 3 * SECOND && wait <= 4 * SECOND, wait + " ns");
  }

  @Test
  void takesUpAnotherLimitAtOnce() {
    limit(64 * 1_024);
    sendNanos(1, MEBIBYTE);

    limit(MEBIBYTE);
    assertEquals(0, pace.waitNanos(nowNanos));
    sendNanos(1, MEBIBYTE);
    limit(MEBIBYTE);
    assertTrue(pace.waitNanos(nowNanos) > 0, "the same limit is no other one");

    pace.limit(OptionalLong.empty(), nowNanos);
    assertEquals(0, pace.waitNanos(nowNanos));
  }

  @Test
  void refusesWhatWouldNeverEnd() {
    assertThrows(IllegalArgumentException.class, () -> limit(Pace.BYTES_PER_SECOND_MIN - 1));
  }
}
