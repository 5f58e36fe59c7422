package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Message;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.VersionVector;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Somebody writes twice in one tick of the file system's clock, is read in between, and the daemon
 * is killed before it looks again: the next one must read what is there, whatever its stamp.
 */
class WaitingLooksTest extends LookScenario {
  @Test
  void whatWaitsWhileItIsPausedIsReadByWhoComesAfterAKill() {
    changed(PAGE);
    long writtenMillis = nowMillis;
    read(PAGE, 7, writtenMillis);
    step(new Event.PauseAsked(1));
    changed(PAGE);
    sync();
    sync();
    assertTrue(doubtedSinceMillis() <= writtenMillis + Stamp.YOUNG_MILLIS);
  }

  /** Who was told that it is paused finds it so after the power failed. */
  @Test
  void whatAPersonDecidedIsSyncedBeforeItIsAnswered() {
    for (Event.Command command : List.of(new Event.PauseAsked(1), new Event.ResumeAsked(2))) {
      effects.clear();
      step(command);
      var append = assertInstanceOf(Effect.Append.class, effects.getFirst());
      assertTrue(append.synced());
      assertTrue(effects.stream().anyMatch(it -> it instanceof Effect.Reply));
    }
  }

  @Test
  void whatIsLookedAtOnceMoreIsReadByWhoComesAfterAKill() {
    changed(PAGE);
    long writtenMillis = nowMillis;
    changed(PAGE);
    sync();
    read(PAGE, 7, writtenMillis);
    sync();
    assertTrue(doubtedSinceMillis() <= writtenMillis + Stamp.YOUNG_MILLIS);
  }

  @Test
  void whatWasReadLongAgoHoldsNothingBack() {
    changed(PAGE);
    read(PAGE, 7, nowMillis - DAY_MILLIS);
    step(new Event.PauseAsked(1));
    changed(PAGE);
    sync();
    assertTrue(root().checkpointMillis() >= nowMillis - SECOND_MILLIS);
  }

  @Test
  void whatWasLookedAtHoldsNothingBack() {
    changed(PAGE);
    read(PAGE, 7, nowMillis);
    changed(PAGE);
    read(PAGE, 8, nowMillis);
    sync();
    assertTrue(root().checkpointMillis() >= nowMillis - SECOND_MILLIS);
  }

  @Test
  void moreThanAnybodyAsksAboutHoldAll() {
    long before = root().checkpointMillis();
    step(new Event.PauseAsked(1));
    for (int file = 0; file < 1_000; file++) {
      changed(RelativePath.of("f" + file));
    }
    sync();
    assertEquals(before, root().checkpointMillis());
  }

  @Test
  void whatWasNotToldYetIsNotVouchedFor() {
    changed(PAGE);
    read(PAGE, 7, nowMillis);
    long toldMillis = nowMillis;
    nowMillis += SECOND_MILLIS;
    step(new Event.Tick());
    step(new Event.Synced(nowMillis));
    step(new Event.Told(toldMillis - 1));
    assertTrue(root().checkpointMillis() < toldMillis);
    step(new Event.Told(0));
    assertTrue(root().checkpointMillis() > 0, "nor is it taken back");
  }

  /** Else every start would read again what was written just before the root came to rest. */
  @Test
  void itIsVouchedForLaterThoughNothingElseChanges() {
    changed(PAGE);
    read(PAGE, 7, nowMillis);
    long writtenMillis = nowMillis;
    syncLate();
    while (isSyncing() || replica.wakeAtMillis() < writtenMillis + DAY_MILLIS) {
      nowMillis = isSyncing() ? nowMillis : Math.max(nowMillis, replica.wakeAtMillis());
      effects.clear();
      syncLate();
    }
    assertTrue(root().checkpointMillis() > writtenMillis + Stamp.YOUNG_MILLIS);
    assertTrue(root().checkpointMillis() < writtenMillis + 60 * SECOND_MILLIS, "then it rests");
  }

  private boolean isSyncing() {
    return effects.stream().anyMatch(Effect.Sync.class::isInstance);
  }

  private void syncLate() {
    nowMillis += SECOND_MILLIS;
    step(new Event.Tick());
    step(new Event.Synced(nowMillis));
    step(new Event.Told(nowMillis - 5 * SECOND_MILLIS));
  }

  @Test
  void eventsThatWereLostHoldAllUntilTheirScanIsOver() {
    long before = root().checkpointMillis();
    effects.clear();
    step(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    Effect.Scan scan = scan();
    changed(PAGE);
    read(PAGE, 7, nowMillis);
    sync();
    assertEquals(before, root().checkpointMillis());
    step(new Event.ScanEnded(scan.scan(), true));
    changed(PAGE);
    read(PAGE, 8, nowMillis);
    sync();
    assertTrue(root().checkpointMillis() >= nowMillis - SECOND_MILLIS);
  }

  @Test
  void firstScanIsOverBeforeAnythingIsVouchedFor() {
    assertEquals(root().checkpointMillis(), doubtedSinceMillis());
    long before = root().checkpointMillis();
    changed(PAGE);
    for (int syncs = 0; syncs < 2; syncs++) {
      nowMillis += SECOND_MILLIS;
      step(new Event.Tick());
      step(new Event.Synced(nowMillis));
      step(new Event.Told(nowMillis));
    }
    assertEquals(before, doubtedSinceMillis());
  }

  /** Neither by one of that directory nor by one of all, which may come first. */
  @Test
  void whatTheFirstScanCouldNotListIsNotBelievedByTheNext() {
    RelativePath locked = RelativePath.of("locked");
    changed(PAGE);
    read(PAGE, 7, nowMillis);
    Effect.Scan first = comeBack("boot");
    step(new Event.Unreadable(locked, Problem.of(Problem.Kind.PERMISSION)));
    step(new Event.ScanEnded(first.scan(), true));
    for (RelativePath scope : List.of(locked.child("below"), RelativePath.ROOT)) {
      effects.clear();
      step(new Event.ScopeSuspected(scope, Cause.SCAN));
      assertEquals(first.distrustSinceMillis(), scan().distrustSinceMillis());
      assertTrue(first.distrustSinceMillis() < nowMillis);
    }
    assertEquals(locked, scan().scope(), "all else is believed");
    step(new Event.ScanEnded(scan().scan(), true));
    effects.clear();
    step(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    assertEquals(Long.MAX_VALUE, scan().distrustSinceMillis());
  }

  /** A failing disk has more of them than scopes that are remembered to be unread. */
  @Test
  void manyThatTheFirstScanCouldNotListAreDoubtedEach() {
    changed(PAGE);
    read(PAGE, 7, nowMillis);
    Effect.Scan first = comeBack("boot");
    for (int number = 0; number < 100; number++) {
      RelativePath locked = RelativePath.of("locked" + number);
      step(new Event.Unreadable(locked, Problem.of(Problem.Kind.INPUT_OUTPUT)));
    }
    step(new Event.ScanEnded(first.scan(), true));
    effects.clear();
    step(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    assertEquals(101, scans().size());
    assertEquals(first.distrustSinceMillis(), scan().distrustSinceMillis());
  }

  /** Who asks for a comparison is answered when what could not be listed was read, too. */
  @Test
  void comparisonEndsWithWhatTheFirstScanCouldNotList() {
    RelativePath locked = RelativePath.of("locked");
    Effect.Scan first = comeBack("boot");
    connect(VersionVector.EMPTY);
    mark();
    step(new Event.Unreadable(locked, Problem.of(Problem.Kind.PERMISSION)));
    step(new Event.ScanEnded(first.scan(), true));
    effects.clear();
    step(new Event.ResyncAsked(3, false, false));
    List<Effect.Scan> begun = scans();
    assertEquals(
        List.of(RelativePath.ROOT, locked), begun.stream().map(Effect.Scan::scope).toList());
    effects.clear();
    step(new Event.ScanEnded(begun.getFirst().scan(), true));
    assertEquals(List.of(), comparisons());
    step(new Event.ScanEnded(begun.getLast().scan(), true));
    assertNotEquals(List.of(), comparisons());
  }

  private List<Effect> comparisons() {
    return effects.stream()
        .filter(effect ->
            effect instanceof Effect.Reply
                || (effect instanceof Effect.Send send
                    && send.message() instanceof Message.CompareRanges))
        .toList();
  }

  @Test
  void whatWaitsAtACleanStopIsReadByTheNextStart() {
    changed(PAGE);
    long writtenMillis = nowMillis;
    read(PAGE, 7, writtenMillis);
    step(new Event.PauseAsked(1));
    changed(PAGE);
    stop();
    assertTrue(doubtedSinceMillis() <= writtenMillis + Stamp.YOUNG_MILLIS);
  }

  /** What a disk damages while nobody looks is no write, and goes to no peer. */
  @Test
  void nothingIsReadAgainAfterACleanStopAtRest() {
    changed(PAGE);
    read(PAGE, 7, nowMillis);
    stop();
    assertEquals(nowMillis, root().checkpointMillis());
  }

  private void stop() {
    step(new Event.StopAsked(2));
    for (int syncs = 0; syncs < 2; syncs++) {
      nowMillis += SECOND_MILLIS;
      step(new Event.Synced(nowMillis));
    }
    assertTrue(root().clean());
  }
}
