package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestsTest {
  private static final RelativePath LOG = RelativePath.of("logs/debug.log");
  private static final long SECOND_MILLIS = 1_000;

  /** What takes a second to read. */
  private static final long SECOND_BYTES = Limits.REST_BYTES_PER_SECOND;

  private final Rests rests = new Rests(Bounds.ORDINARY);
  private long nowMillis = 10_000;

  /** It is read as soon as it may be; tells how long it rests then. */
  private long read(long bytes) {
    nowMillis = rests.untilMillis(LOG, nowMillis);
    rests.read(LOG, bytes, nowMillis);
    return rests.untilMillis(LOG, nowMillis) - nowMillis;
  }

  @Test
  void firstTwoReadsAreFreeAndThenRestsDouble() {
    List<Long> lengths = List.of(0L, 0L, 1L, 2L, 4L, 8L, 16L, 16L);
    lengths.forEach(seconds -> assertEquals(seconds * SECOND_MILLIS, read(SECOND_BYTES)));
  }

  @Test
  void smallFileNeverRests() {
    for (int reads = 0; reads < 1_000; reads++) {
      assertEquals(0, read(1_000_000));
    }
  }

  @Test
  void largeFileRestsForHalfAMinuteAndAHugeOneForAsLongAsItTakes() {
    long longest = 0;
    for (int reads = 0; reads < 10; reads++) {
      longest = Math.max(longest, read(10 * SECOND_BYTES));
    }
    assertEquals(Rests.MOST_MILLIS, longest);
    for (int reads = 0; reads < 10; reads++) {
      longest = Math.max(longest, read(100 * SECOND_BYTES));
    }
    assertEquals(100 * SECOND_MILLIS, longest);
    assertTrue(read(Long.MAX_VALUE) > 0);
  }

  @Test
  void whatWasLeftAloneForLongIsReadAtOnce() {
    for (int reads = 0; reads < 5; reads++) {
      read(SECOND_BYTES);
    }
    nowMillis = rests.untilMillis(LOG, nowMillis) + 16 * SECOND_MILLIS;
    assertEquals(0, read(SECOND_BYTES));
  }

  @Test
  void restEndsWhereSomebodyWaits() {
    for (int reads = 0; reads < 4; reads++) {
      read(SECOND_BYTES);
    }
    assertEquals(List.of(), rests.end(RelativePath.of("uploads"), nowMillis));
    assertEquals(List.of(LOG), rests.end(RelativePath.of("logs"), nowMillis));
    assertEquals(List.of(), rests.end(RelativePath.ROOT, nowMillis), "it rests no more");
    assertEquals(nowMillis, rests.untilMillis(LOG, nowMillis));
    assertEquals(4 * SECOND_MILLIS, read(SECOND_BYTES), "nothing is forgotten for that");
  }

  @Test
  void eldestAreForgottenWhereThereAreMany() {
    for (int reads = 0; reads < 4; reads++) {
      read(SECOND_BYTES);
    }
    for (int file = 0; file < Rests.FILES_MAX; file++) {
      rests.read(RelativePath.of("f" + file), SECOND_BYTES, nowMillis);
    }
    assertEquals(nowMillis, rests.untilMillis(LOG, nowMillis));
  }
}
