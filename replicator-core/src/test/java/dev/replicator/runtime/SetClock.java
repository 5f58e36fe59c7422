package dev.replicator.runtime;

import dev.replicator.host.MachineClock;
import dev.replicator.port.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** The clock of this machine, with a wall clock that a test may set. */
final class SetClock implements Clock {
  private final Clock real = MachineClock.open();
  private final AtomicLong offsetMillis = new AtomicLong();

  void step(long millis) {
    offsetMillis.addAndGet(millis);
  }

  @Override
  public long wallMillis() {
    return real.wallMillis() + offsetMillis.get();
  }

  @Override
  public long monotonicNanos() {
    return real.monotonicNanos();
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
