package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.port.Clock;
import org.junit.jupiter.api.Test;

/** What is old goes; a clock that was set wrong makes nothing old. */
class SettledClockTest {
  private static final long DAY_MILLIS = 86_400_000;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final HandClock hand = new HandClock();

  private static final class HandClock implements Clock {
    private long steadyMillis = 5_000;
    private long wallMillis = 1_700_000_000_000L;

    void pass(long millis) {
      steadyMillis += millis;
      wallMillis += millis;
    }

    @Override
    public long wallMillis() {
      return wallMillis;
    }

    @Override
    public long monotonicNanos() {
      return steadyMillis * NANOS_PER_MILLI;
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

  @Test
  void goesOnWithTheClock() {
    SettledClock settled = new SettledClock(hand, hand.wallMillis);
    hand.pass(40 * DAY_MILLIS);
    assertEquals(hand.wallMillis, settled.nowMillis());
    hand.wallMillis += HOUR_MILLIS / 2;
    assertEquals(hand.wallMillis, settled.nowMillis(), "as much as a clock is set by");
  }

  @Test
  void believesATimeFarAheadWhenItWasToldForADay() {
    SettledClock settled = new SettledClock(hand, hand.wallMillis);
    long before = hand.wallMillis;
    hand.wallMillis += 3_000 * DAY_MILLIS;
    assertEquals(before, settled.nowMillis());
    hand.pass(DAY_MILLIS - 1);
    assertEquals(before + DAY_MILLIS - 1, settled.nowMillis());
    hand.pass(1);
    assertEquals(hand.wallMillis, settled.nowMillis());
  }

  @Test
  void forgetsATimeThatWasSetRightAgain() {
    SettledClock settled = new SettledClock(hand, hand.wallMillis);
    hand.wallMillis += 3_000 * DAY_MILLIS;
    settled.nowMillis();
    hand.pass(DAY_MILLIS / 2);
    hand.wallMillis -= 3_000 * DAY_MILLIS;
    assertEquals(hand.wallMillis, settled.nowMillis());
    hand.wallMillis += 3_000 * DAY_MILLIS;
    hand.pass(DAY_MILLIS / 2);
    assertTrue(settled.nowMillis() < hand.wallMillis);
  }

  @Test
  void believesNoTimeBecauseAnEarlierOneWasToldForADay() {
    SettledClock settled = new SettledClock(hand, hand.wallMillis);
    hand.wallMillis += 2 * HOUR_MILLIS;
    settled.nowMillis();
    hand.pass(DAY_MILLIS - HOUR_MILLIS);
    hand.wallMillis += 3_000 * DAY_MILLIS;
    settled.nowMillis();
    hand.pass(HOUR_MILLIS);
    assertTrue(settled.nowMillis() < hand.wallMillis - 2_000 * DAY_MILLIS);
  }

  @Test
  void believesAtOnceAClockThatWasSetBack() {
    SettledClock settled = new SettledClock(hand, hand.wallMillis);
    hand.wallMillis -= 3_000 * DAY_MILLIS;
    assertEquals(hand.wallMillis, settled.nowMillis());
  }

  @Test
  void startsWhereTheLastRunEndedWhenTheClockIsFarAheadOfThat() {
    long last = hand.wallMillis - 30 * DAY_MILLIS;
    SettledClock settled = new SettledClock(hand, last);
    assertEquals(last, settled.nowMillis());
    hand.pass(DAY_MILLIS);
    assertEquals(hand.wallMillis, settled.nowMillis());
    assertEquals(hand.wallMillis, new SettledClock(hand, 0).nowMillis());
  }

  /** What the journal says is by the clock that was set; the vault keeps the other one. */
  @Test
  void believesNoTimeFarAheadForHavingBeenStartedUnderItTwice() {
    long last = new SettledClock(hand, hand.wallMillis).nowMillis();
    hand.wallMillis += 3_000 * DAY_MILLIS;
    for (int starts = 0; starts < 3; starts++) {
      last = new SettledClock(hand, last).nowMillis();
      hand.pass(HOUR_MILLIS);
    }
    assertTrue(last < hand.wallMillis - 2_000 * DAY_MILLIS);
  }
}
