package dev.replicator.runtime;

import dev.replicator.host.MachineClock;
import dev.replicator.port.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The clock of this machine, which a test may set, or let go on faster. */
final class SetClock implements Clock {
  private final Clock real = MachineClock.open();
  private final AtomicLong offsetMillis = new AtomicLong();

  private final AtomicLong passedMillis = new AtomicLong();

  /** So much time passes at once. */
  void pass(long millis) {
    passedMillis.addAndGet(millis);
  }

  /** Somebody sets the wall clock. */
  void step(long millis) {
    offsetMillis.addAndGet(millis);
  }

  @Override
  public long wallMillis() {
    return real.wallMillis() + offsetMillis.get() + passedMillis.get();
  }

  @Override
  public long monotonicNanos() {
    return real.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(passedMillis.get());
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
