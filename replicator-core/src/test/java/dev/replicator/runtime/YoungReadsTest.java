package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Clock;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file system tells the time in ticks, and somebody writes twice within one. */
class YoungReadsTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final long TICK_NANOS = 4_000_000;
  private static final long LATER_MILLIS = 10_000;

  private final StandingClock clock = new StandingClock();
  private final FakeDisk files = new FakeDisk();
  private final FakeTree tree = new FakeTree(files);
  private final Inspector inspector = new Inspector(tree, clock, new ContentCache(), 0);

  @BeforeEach
  void write() throws TreeException {
    files.tick(TICK_NANOS);
    files.write(F, "first!");
    var there = assertInstanceOf(Tree.Look.Found.class, tree.look(F));
    clock.millis = there.stamp().ctimeNanos() / 1_000_000;
  }

  /** The clock of this test goes on when it is told to. */
  private static final class StandingClock implements Clock {
    long millis;

    @Override
    public long wallMillis() {
      return millis;
    }

    @Override
    public long monotonicNanos() {
      return millis * 1_000_000;
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

  private Observation look(Optional<Observation.Found> expected) {
    Optional<Materialised> was =
        expected.map(found ->
            new Materialised(
                found.stamp(), found.actual(), found.actual().attributes(), Knowledge.NONE));
    return assertInstanceOf(
            Inspector.Result.Seen.class, inspector.inspect(F, was, false, true, Long.MAX_VALUE))
        .observation();
  }

  private Observation.Found read() {
    return assertInstanceOf(Observation.Found.class, look(Optional.empty()));
  }

  @Test
  void whatWasWrittenInTheTickInWhichTheFileWasReadIsFound() {
    Observation.Found first = read();
    files.write(F, "second");
    clock.millis += LATER_MILLIS;

    Observation.Found second = assertInstanceOf(Observation.Found.class, look(Optional.of(first)));

    assertEquals(first.stamp(), second.stamp(), "no stamp tells");
    assertNotEquals(first.actual().entry(), second.actual().entry());
    assertInstanceOf(Observation.Unchanged.class, look(Optional.of(second)), "it is old by now");
  }

  @Test
  void whatWasReadLaterIsBelievedToBeAsItsStamp() {
    clock.millis += LATER_MILLIS;
    Observation.Found first = read();

    assertInstanceOf(Observation.Unchanged.class, look(Optional.of(first)));
  }

  /** Else it would be read again and again until the clock is there. */
  @Test
  void whatWasWrittenBeforeTheClockWasSetBackIsBelievedToBeAsItsStamp() {
    clock.millis -= LATER_MILLIS;
    Observation.Found first = read();

    assertInstanceOf(Observation.Unchanged.class, look(Optional.of(first)));
  }

  /** An access control list need not show in the mode. */
  @Test
  void extendedAttributeThatWasSetInTheTickInWhichTheFileWasReadIsFound() {
    Observation.Found now = read();
    Attributes there = now.actual().attributes();
    SortedMap<String, Bytes> others = new TreeMap<>(Map.of("user.other", Bytes.EMPTY));
    Attributes before =
        new Attributes(there.type(), there.mode(), there.owner(), there.group(), others);
    Target was = new Target(now.actual().entry(), now.actual().mtime(), before);
    Observation.Found first = new Observation.Found(now.stamp(), was, now.chunks());

    Observation.Found second = assertInstanceOf(Observation.Found.class, look(Optional.of(first)));

    assertEquals(there, second.actual().attributes());
  }

  /** Who looks at it to join what a peer wrote waits for just that. */
  @Test
  void whatIsReadAgainAndIsTheSameIsUnchanged() {
    Observation.Found first = read();

    assertInstanceOf(Observation.Unchanged.class, look(Optional.of(first)));
  }
}
