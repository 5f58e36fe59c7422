package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.port.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WritesPaceTest {
  private static final long ROOM = 16_384;

  private final HandClock clock = new HandClock();
  private final WritesPace pace = new WritesPace(clock, Duration.ofSeconds(1), ROOM);

  private static final class HandClock implements Clock {
    private long nanos = -5;

    @Override
    public long wallMillis() {
      return 0;
    }

    @Override
    public long monotonicNanos() {
      return nanos;
    }

    @Override
    public String bootId() {
      return "boot";
    }

    @Override
    public long bootMillis() {
      return 0;
    }
  }

  private long pauseMillis() {
    pace.wrote();
    return pace.untilNanos() / 1_000_000;
  }

  private void read(long events) {
    pace.wrote();
    clock.nanos += pace.untilNanos();
    assertTrue(pace.isDue());
    pace.read(events);
  }

  @Test
  void readsOnceForAllThatCameInOnePause() {
    assertTrue(pace.isIdle());
    assertEquals(Long.MAX_VALUE, pace.untilNanos());

    pace.wrote();
    clock.nanos += 400_000_000;
    pace.wrote();

    assertFalse(pace.isIdle());
    assertFalse(pace.isDue());
    assertEquals(600_000_000, pace.untilNanos());
    clock.nanos += 600_000_000;
    assertTrue(pace.isDue());
    pace.read(3);
    assertTrue(pace.isIdle());
  }

  @Test
  void readsTheSoonerTheFullerTheQueueWas() {
    read(ROOM + 1);
    assertEquals(250, pauseMillis());
    for (int time = 0; time < 5; time++) {
      read(ROOM);
    }
    assertEquals(20, pauseMillis());
    read(ROOM / 3);
    assertEquals(20, pauseMillis());
    for (int time = 0; time < 5; time++) {
      read(1);
    }
    assertEquals(1_000, pauseMillis());
  }

  @Test
  void isNeverSlowedDownByAFullQueue() {
    WritesPace quick = new WritesPace(clock, Duration.ofMillis(5), ROOM);
    quick.wrote();
    quick.read(ROOM);
    quick.wrote();

    assertEquals(5_000_000, quick.untilNanos());
  }
}
