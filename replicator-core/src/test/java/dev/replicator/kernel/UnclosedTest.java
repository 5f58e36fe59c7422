package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A new file that its writer has not closed, in the place of another or where nobody knew it. */
class UnclosedTest extends LookScenario {
  private static final long REQUEST = 7;

  @BeforeEach
  void know() {
    changed(PAGE);
    read(PAGE, 10, nowMillis);
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
    assertEquals(1, looks.size(), looks::toString);
    return looks.getFirst();
  }

  /** Somebody removed it and begins to write it anew. */
  private void leave() {
    changed(PAGE);
    assertTrue(look().patient());
    step(new Event.Inspected(PAGE, new Observation.Unclosed()));
    assertEquals(List.of(), looks());
  }

  private void ask(RelativePath scope) {
    step(new Event.BarrierAsked(REQUEST, scope, OptionalInt.of(0), 60_000));
    step(new Event.Flushed(REQUEST, true));
  }

  private boolean isAnswered() {
    return effects.stream().anyMatch(Effect.Reply.class::isInstance);
  }

  @Test
  void isReadAtItsClose() {
    leave();
    assertEquals(10, journal.materialised(PAGE).orElseThrow().stamp().inode());
    changed(PAGE);
    assertTrue(look().patient());
    read(PAGE, 11, nowMillis);
    assertEquals(11, journal.materialised(PAGE).orElseThrow().stamp().inode());
    ask(RelativePath.ROOT);
    assertTrue(isAnswered());
  }

  @Test
  void isReadForWhoWaits() {
    leave();
    ask(RelativePath.ROOT);
    assertFalse(isAnswered(), "covered unread");
    assertFalse(look().patient());
    read(PAGE, 11, nowMillis);
    assertTrue(isAnswered());
  }

  @Test
  void isNotReadForWhoWaitsForSomethingElse() {
    leave();
    ask(OTHER);
    assertTrue(isAnswered());
    assertEquals(List.of(), looks());
  }

  @Test
  void isReadForWhoWaitsThoughAPatientLookIsUnderWay() {
    changed(PAGE);
    assertTrue(look().patient());
    ask(PAGE);
    step(new Event.Inspected(PAGE, new Observation.Unclosed()));
    assertFalse(isAnswered(), "covered unread");
    assertFalse(look().patient());
    read(PAGE, 11, nowMillis);
    assertTrue(isAnswered());
    changed(PAGE);
    assertTrue(look().patient(), "nobody waits any more");
  }

  @Test
  void isReadByAScan() {
    leave();
    step(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    long scan = scan().scan();
    step(new Event.Suspected(PAGE, Cause.SCAN, false));
    assertFalse(look().patient());
    step(new Event.ScanEnded(scan, true));
    read(PAGE, 11, nowMillis);
    ask(RelativePath.ROOT);
    assertTrue(isAnswered(), "the scan does not end");
  }

  @Test
  void isReadByAScanThatComesWhileAPatientLookIsUnderWay() {
    changed(PAGE);
    assertTrue(look().patient());
    step(new Event.Suspected(PAGE, Cause.SCAN, false));
    step(new Event.Inspected(PAGE, new Observation.Unclosed()));
    assertFalse(look().patient());
  }

  @Test
  void isThereAndNotToBeDeleted() {
    changed(PAGE);
    looks();
    step(new Event.Inspected(PAGE, new Observation.Gone()));
    assertEquals(Absence.TO_BE_JUDGED, replica.absence(PAGE));
    leave();
    nowMillis += 60_000;
    step(new Event.Tick());
    assertTrue(journal.materialised(PAGE).orElseThrow().entry().isPresent());
  }

  /** No event of it came, for its directory was not watched yet when it was made. */
  @Test
  void isReadForWhoWaitsThoughAScanAloneKnowsOfIt() {
    step(new Event.Unclosed(OTHER));
    assertEquals(List.of(), looks());
    ask(RelativePath.ROOT);
    assertFalse(isAnswered(), "covered unread");
    assertEquals(OTHER, look().path());
    read(OTHER, 11, nowMillis);
    assertTrue(isAnswered());
    ask(RelativePath.ROOT);
    assertTrue(isAnswered());
  }

  @Test
  void isReadAtOnceWhereTooManyAreNotClosed() {
    for (int file = 0; file < Unclosed.FILES_MAX; file++) {
      step(new Event.Unclosed(RelativePath.of("upload" + file)));
    }
    assertEquals(List.of(), looks());
    step(new Event.Unclosed(OTHER));
    assertEquals(OTHER, look().path());
    changed(PAGE);
    assertFalse(look().patient());
  }
}
