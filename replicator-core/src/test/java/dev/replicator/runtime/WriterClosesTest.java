package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.port.Clock;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A version of a peer arrives, and whoever has the file open closes it long before it is put. */
final class WriterClosesTest extends TwoEngines {
  /** For so long a writer is waited for, by the clock of the engines. */
  private static final long WAIT_MILLIS_MAX = 2_000;

  /** A steady clock that goes slowly, so that a busy machine has time enough. */
  private static final class SlowClock implements Clock {
    private static final int TIMES = 10;
    private final Clock real = MachineClock.open();

    @Override
    public long wallMillis() {
      return real.wallMillis();
    }

    @Override
    public long monotonicNanos() {
      return real.monotonicNanos() / TIMES;
    }

    @Override
    public String bootId() {
      return real.bootId();
    }

    @Override
    public long bootMillis() {
      return real.bootMillis();
    }
  }

  @Override
  Clock clock() {
    return new SlowClock();
  }

  private boolean isSpared() {
    return engine().report().pendingPaths().values().stream()
        .anyMatch(pending -> pending.problem().toString().contains("has it open"));
  }

  @Test
  void comesWithHisClose() throws Exception {
    Clock clock = clock();
    long from;
    try (FileChannel writer = append("f")) {
      assertTrue(writer.isOpen());
      write("there", "f", "theirs");
      from = clock.monotonicNanos();
      await(this::isSpared);
      assertEquals("old", read("here", "f"));
      String reason = engine().explain(PATH).get().pending().orElseThrow().problem().toString();
      assertEquals("being written: here, by a program that has it open", reason);
    }

    await(() -> read("here", "f").equals("theirs"));
    long millis = TimeUnit.NANOSECONDS.toMillis(clock.monotonicNanos() - from);
    assertTrue(millis < WAIT_MILLIS_MAX, "it waited for the time, not for the close");
    settle();
    assertFalse(isWatched());
    assertEquals(0, engine().report().conflicts());
  }
}
