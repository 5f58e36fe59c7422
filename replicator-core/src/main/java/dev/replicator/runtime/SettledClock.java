package dev.replicator.runtime;

import dev.replicator.port.Clock;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/*
 * A clock that is set years ahead, by a bad battery or a hypervisor, is set right within hours, and
 * what is removed for its age by then does not come back. So a time that is far ahead of what went
 * on steadily is believed only when it was told for a day; one that went back is believed at once.
 */

/** The time by which things are old. Thread-safe. */
final class SettledClock {
  static final long JUMP_MILLIS = 3_600_000;
  static final long SETTLED_MILLIS = 86_400_000;

  private final Clock clock;

  /** From the steady clock to the time that is believed. */
  private long aheadMillis;

  /** When a time far ahead was told first, and how far. */
  private OptionalLong jumpedAtMillis = OptionalLong.empty();

  private long jumpedMillis;

  /**
   * @param lastMillis when the last run of the daemon was known to work; 0 where that is not known
   */
  SettledClock(Clock clock, long lastMillis) {
    this.clock = clock;
    boolean jumped = lastMillis > 0 && clock.wallMillis() - lastMillis > SETTLED_MILLIS;
    this.aheadMillis = (jumped ? lastMillis : clock.wallMillis()) - steadyMillis();
  }

  synchronized long nowMillis() {
    long steady = steadyMillis();
    long told = clock.wallMillis() - steady;
    if (told <= aheadMillis + JUMP_MILLIS) {
      settle(told);
    } else if (jumpedAtMillis.isEmpty() || told > jumpedMillis + JUMP_MILLIS) {
      jumpedAtMillis = OptionalLong.of(steady);
      jumpedMillis = told;
    } else if (steady - jumpedAtMillis.getAsLong() >= SETTLED_MILLIS) {
      settle(told);
    }
    return steady + aheadMillis;
  }

  private void settle(long told) {
    aheadMillis = told;
    jumpedAtMillis = OptionalLong.empty();
  }

  private long steadyMillis() {
    return TimeUnit.NANOSECONDS.toMillis(clock.monotonicNanos());
  }
}
