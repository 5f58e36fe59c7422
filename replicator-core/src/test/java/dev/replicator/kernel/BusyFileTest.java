package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.EntryType;
import dev.replicator.model.Limits;
import dev.replicator.model.Observation;
import dev.replicator.model.Pending;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody changes a large file again and again. */
class BusyFileTest extends GroupScenario {
  private static final RelativePath LOG = RelativePath.of("debug.log");
  static final Attributes MODE =
      new Attributes(EntryType.FILE, 0644, new Principal("", 0), new Principal("", 0));
  private static final long REQUEST = 7;

  private long size = Limits.REST_BYTES_PER_SECOND;

  @BeforeEach
  void begin() {
    start();
    mark();
    Effect.Scan scan =
        effects.stream()
            .filter(Effect.Scan.class::isInstance)
            .map(Effect.Scan.class::cast)
            .findFirst()
            .orElseThrow();
    step(new Event.ScanEnded(scan.scan(), true));
    nowMillis += GATE_MILLIS;
    step(new Event.Tick());
    step(new Event.IdentityDrawn(values.identity()));
    effects.clear();
  }

  private List<Effect.Inspect> looks() {
    List<Effect.Inspect> looks =
        effects.stream()
            .filter(Effect.Inspect.class::isInstance)
            .map(Effect.Inspect.class::cast)
            .toList();
    effects.clear();
    return looks;
  }

  private Effect.Inspect look() {
    List<Effect.Inspect> looks = looks();
    assertEquals(1, looks.size());
    return looks.getFirst();
  }

  private void changed() {
    step(new Event.Suspected(LOG, Cause.WATCH, false));
  }

  private void read() {
    size++;
    Stamp stamp = new Stamp(1, 9, size, size, size, 0100644, 0, 0, 1);
    Target actual = new Target(file(size), Instant.ofEpochSecond(size), MODE);
    step(new Event.Inspected(LOG, new Observation.Found(stamp, actual, ChunkList.EMPTY)));
  }

  /** It changed and was read, three times. */
  private void work() {
    for (int reads = 0; reads < 3; reads++) {
      changed();
      assertFalse(look().resting());
      read();
    }
    changed();
  }

  private List<RelativePath> uncovered() {
    Effect.Reply reply =
        effects.stream()
            .filter(Effect.Reply.class::isInstance)
            .map(Effect.Reply.class::cast)
            .toList()
            .getLast();
    return ((Answer.Barrier) reply.answer()).unread();
  }

  private void sleep() {
    nowMillis = replica.wakeAtMillis();
    step(new Event.Tick());
  }

  @Test
  void restsAfterItWasReadAgainAndAgainAndIsReadOnceThen() {
    work();
    assertTrue(look().resting());
    long rests = nowMillis;
    step(new Event.Inspected(LOG, new Observation.Unsettled(0)));
    for (int events = 0; events < 100; events++) {
      changed();
      looks()
          .forEach(look -> {
            assertTrue(look.resting());
            step(new Event.Inspected(LOG, new Observation.Unsettled(0)));
          });
    }
    while (nowMillis < rests + 1_000) {
      assertEquals(List.of(), looks());
      sleep();
    }
    assertFalse(look().resting());
    read();
    sleep();
    assertEquals(List.of(), looks());
  }

  @Test
  void isLookedAtWhenItIsWrittenToAndNotClosed() {
    changed();
    look();
    read();
    step(new Event.Written(LOG, 9));
    assertEquals(LOG, look().path());
  }

  /** An upload, and what came in the place of a file: its author has not closed it yet. */
  @Test
  void whatIsNewIsNotLookedAtBeforeItIsClosed() {
    step(new Event.Written(LOG, 9));
    assertEquals(List.of(), looks());
    changed();
    look();
    read();
    step(new Event.Written(LOG, 10));
    assertEquals(List.of(), looks());
  }

  @Test
  void thatItIsGoneIsSeenAtOnce() {
    work();
    assertTrue(look().resting());
    step(new Event.Inspected(LOG, new Observation.Gone()));
    assertEquals(Absence.TO_BE_JUDGED, replica.absence(LOG));
  }

  @Test
  void isReadAtOnceWhereSomebodyWaitsForIt() {
    work();
    looks();
    step(new Event.Inspected(LOG, new Observation.Unsettled(0)));
    step(new Event.BarrierAsked(REQUEST, LOG, OptionalInt.of(0), 60_000));
    step(new Event.Flushed(REQUEST, true));
    assertFalse(effects.stream().anyMatch(Effect.Reply.class::isInstance), "covered unread");
    assertFalse(look().resting());
    read();
    assertTrue(effects.stream().anyMatch(Effect.Reply.class::isInstance));
  }

  @Test
  void isReadForWhoWaitsThoughALookWithoutReadingIsUnderWay() {
    work();
    assertTrue(look().resting());
    step(new Event.BarrierAsked(REQUEST, LOG, OptionalInt.of(0), 60_000));
    step(new Event.Flushed(REQUEST, true));
    step(new Event.Inspected(LOG, new Observation.Unsettled(0)));
    assertFalse(effects.stream().anyMatch(Effect.Reply.class::isInstance), "covered unread");
    assertFalse(look().resting());
    read();
    assertTrue(effects.stream().anyMatch(Effect.Reply.class::isInstance));
  }

  @Test
  void isReadOnceMoreForWhoBeginsToWaitWhileItIsRead() {
    for (int reads = 0; reads < 2; reads++) {
      changed();
      look();
      read();
    }
    changed();
    assertFalse(look().resting());
    changed();
    step(new Event.BarrierAsked(REQUEST, LOG, OptionalInt.of(0), 60_000));
    step(new Event.Flushed(REQUEST, true));
    read();
    assertFalse(effects.stream().anyMatch(Effect.Reply.class::isInstance), "covered unread");
    assertFalse(look().resting());
    read();
    assertTrue(effects.stream().anyMatch(Effect.Reply.class::isInstance));
  }

  @Test
  void isNotCoveredThoughALookWithoutReadingCameSince() {
    work();
    looks();
    step(new Event.Inspected(LOG, new Observation.Unsettled(0)));
    step(new Event.BarrierAsked(REQUEST, LOG, OptionalInt.of(0), 60_000));
    step(new Event.Flushed(REQUEST, true));
    assertFalse(look().resting());
    changed();
    step(new Event.Inspected(LOG, new Observation.Unsettled(size)));
    assertTrue(look().resting());
    step(new Event.Inspected(LOG, new Observation.Unsettled(0)));
    assertEquals(List.of(LOG), uncovered());
  }

  @Test
  void isPendingAndNotCoveredWhereNobodyCanReadItForAllTheWriting() {
    changed();
    looks();
    step(new Event.Inspected(LOG, new Observation.Unsettled(size)));
    Pending pending = journal.pending(LOG).orElseThrow();
    assertEquals(
        "being written: somebody writes to it without a pause", pending.problem().toString());
    step(new Event.BarrierAsked(REQUEST, LOG, OptionalInt.of(0), 60_000));
    step(new Event.Flushed(REQUEST, true));
    assertEquals(List.of(LOG), uncovered());

    changed();
    looks();
    read();
    assertTrue(journal.pending(LOG).isEmpty());
    step(new Event.BarrierAsked(REQUEST, LOG, OptionalInt.of(0), 60_000));
    step(new Event.Flushed(REQUEST, true));
    assertEquals(List.of(), uncovered());
  }
}
