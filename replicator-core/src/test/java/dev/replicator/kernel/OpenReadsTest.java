package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A file is read within a write that gave it its time when it began. What comes of that write later
 * has no stamp of its own: whoever starts before the writer closed it must not believe the stamp.
 */
class OpenReadsTest extends LookScenario {
  private void readWithinWrite(RelativePath path, long sinceMillis) {
    changed(path);
    read(path, 7, sinceMillis);
    step(new Event.ReadWithinWrite(path, sinceMillis));
  }

  private List<Effect.Inspect> looks() {
    return effects.stream()
        .filter(Effect.Inspect.class::isInstance)
        .map(Effect.Inspect.class::cast)
        .filter(look -> look.path().equals(PAGE))
        .toList();
  }

  @Test
  void whoStartsAfterAKillReadsItAgain() {
    long sinceMillis = nowMillis - 5 * SECOND_MILLIS;
    readWithinWrite(PAGE, sinceMillis);
    assertTrue(root().checkpointMillis() <= sinceMillis, "as soon as it is read");
    sync();
    assertTrue(doubtedSinceMillis() <= sinceMillis);
  }

  @Test
  void whoStartsAfterAStopReadsItAgain() {
    long sinceMillis = nowMillis - 5 * SECOND_MILLIS;
    readWithinWrite(PAGE, sinceMillis);
    sync();
    step(new Event.StopAsked(1));
    step(new Event.Synced(nowMillis));
    step(new Event.Told(nowMillis));
    assertTrue(root().clean());
    assertTrue(doubtedSinceMillis() <= sinceMillis);
  }

  @Test
  void readAgainAfterTheCloseItHoldsNothingBack() {
    long sinceMillis = nowMillis - 5 * SECOND_MILLIS;
    readWithinWrite(PAGE, sinceMillis);
    changed(PAGE);
    read(PAGE, 7, sinceMillis);
    sync();
    assertTrue(root().checkpointMillis() >= nowMillis - SECOND_MILLIS);
  }

  @Test
  void whatIsNeverClosedIsReadAgainOnceAWriteIsOver() {
    readWithinWrite(PAGE, nowMillis);
    effects.clear();
    nowMillis += Limits.WRITE_MILLIS_MAX - 1;
    step(new Event.Tick());
    assertEquals(List.of(), looks());
    assertEquals(nowMillis + 1, replica.wakeAtMillis());
    nowMillis++;
    step(new Event.Tick());
    assertTrue(looks().getFirst().reread());
    effects.clear();
    read(PAGE, 7, nowMillis - Limits.WRITE_MILLIS_MAX);
    nowMillis += 2 * Limits.WRITE_MILLIS_MAX;
    step(new Event.Tick());
    assertEquals(List.of(), looks(), "once");
  }

  @Test
  void moreThanAreRememberedHoldTheCheckpointWhileOthersDo() {
    long sinceMillis = nowMillis - SECOND_MILLIS;
    for (int file = 0; file < OpenReads.READS_MAX; file++) {
      readWithinWrite(RelativePath.of("file" + file), sinceMillis);
    }
    readWithinWrite(PAGE, sinceMillis - SECOND_MILLIS);
    sync();
    assertTrue(root().checkpointMillis() <= sinceMillis - SECOND_MILLIS);
    for (int file = 0; file < OpenReads.READS_MAX; file++) {
      RelativePath path = RelativePath.of("file" + file);
      changed(path);
      read(path, 7, sinceMillis);
    }
    sync();
    assertTrue(root().checkpointMillis() >= nowMillis - SECOND_MILLIS);
  }
}
