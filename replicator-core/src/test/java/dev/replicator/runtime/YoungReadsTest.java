package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.replicator.host.MachineClock;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Clock;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file system tells the time in ticks, and somebody writes twice within one. */
class YoungReadsTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final long TICK_NANOS = 4_000_000;
  private static final long SOON_MILLIS = 1;
  private static final long LATER_MILLIS = 1_000;

  private final AtomicLong nowMillis = new AtomicLong();
  private final FakeDisk files = new FakeDisk();
  private final Inspector inspector =
      new Inspector(new FakeTree(files), new Now(), new ContentCache(), 0);

  private final class Now implements Clock {
    private final Clock real = MachineClock.open();

    @Override
    public long wallMillis() {
      return nowMillis.get();
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

  @BeforeEach
  void write() {
    files.tick(TICK_NANOS);
    files.write(F, "first!");
  }

  private Observation look(Optional<Observation.Found> expected) {
    Optional<Materialised> was =
        expected.map(found ->
            new Materialised(
                found.stamp(), found.actual(), found.actual().attributes(), Knowledge.NONE));
    return assertInstanceOf(
            Inspector.Result.Seen.class, inspector.inspect(F, was, false, true, Long.MAX_VALUE))
        .observation();
  }

  private Observation.Found read(long afterMillis) {
    Stamp stamp = assertInstanceOf(Observation.Found.class, look(Optional.empty())).stamp();
    nowMillis.set(stamp.ctimeNanos() / 1_000_000 + afterMillis);
    return assertInstanceOf(Observation.Found.class, look(Optional.empty()));
  }

  @Test
  void whatWasWrittenInTheTickInWhichTheFileWasReadIsFound() {
    Observation.Found first = read(SOON_MILLIS);
    files.write(F, "second");
    nowMillis.addAndGet(LATER_MILLIS);

    Observation.Found second = assertInstanceOf(Observation.Found.class, look(Optional.of(first)));

    assertEquals(first.stamp(), second.stamp(), "no stamp tells");
    assertNotEquals(first.actual().entry(), second.actual().entry());
    assertInstanceOf(Observation.Unchanged.class, look(Optional.of(second)), "it is old by now");
  }

  @Test
  void whatWasReadLaterIsBelievedToBeAsItsStamp() {
    Observation.Found first = read(LATER_MILLIS);

    assertInstanceOf(Observation.Unchanged.class, look(Optional.of(first)));
  }
}
