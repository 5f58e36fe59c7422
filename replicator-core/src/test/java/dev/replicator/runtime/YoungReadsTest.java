package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file system tells the time in ticks, and somebody writes twice within one. */
class YoungReadsTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final long TICK_NANOS = 4_000_000;
  private static final long LATER_MILLIS = 10_000;

  private final SetClock clock = new SetClock();
  private final FakeDisk files = new FakeDisk();
  private final FakeTree tree = new FakeTree(files);
  private final Inspector inspector = new Inspector(tree, clock, new ContentCache(), 0);

  @BeforeEach
  void write() throws TreeException {
    files.tick(TICK_NANOS);
    files.write(F, "first!");
    var there = assertInstanceOf(Tree.Look.Found.class, tree.look(F));
    long writtenMillis = there.stamp().ctimeNanos() / 1_000_000;
    clock.step(writtenMillis - LATER_MILLIS / 2 - clock.wallMillis());
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

  /** The clock of this test is a little behind that of the disk, however slow it runs. */
  private Observation.Found read() {
    return assertInstanceOf(Observation.Found.class, look(Optional.empty()));
  }

  @Test
  void whatWasWrittenInTheTickInWhichTheFileWasReadIsFound() {
    Observation.Found first = read();
    files.write(F, "second");
    clock.step(LATER_MILLIS);

    Observation.Found second = assertInstanceOf(Observation.Found.class, look(Optional.of(first)));

    assertEquals(first.stamp(), second.stamp(), "no stamp tells");
    assertNotEquals(first.actual().entry(), second.actual().entry());
    assertInstanceOf(Observation.Unchanged.class, look(Optional.of(second)), "it is old by now");
  }

  @Test
  void whatWasReadLaterIsBelievedToBeAsItsStamp() {
    clock.step(LATER_MILLIS);
    Observation.Found first = read();

    assertInstanceOf(Observation.Unchanged.class, look(Optional.of(first)));
  }
}
