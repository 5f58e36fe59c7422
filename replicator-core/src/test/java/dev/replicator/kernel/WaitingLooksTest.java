package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Group;
import dev.replicator.model.Observation;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Somebody writes twice in one tick of the file system's clock, is read in between, and the daemon
 * is killed before it looks again: the next one must read what is there, whatever its stamp.
 */
class WaitingLooksTest extends GroupScenario {
  private static final RelativePath PAGE = RelativePath.of("page");
  private static final RelativePath OTHER = RelativePath.of("other");
  private static final Attributes MODE =
      new Attributes(EntryType.FILE, 0644, new Principal("", 0), new Principal("", 0));
  private static final long SECOND_MILLIS = 1_000;
  private static final long DAY_MILLIS = 86_400_000;

  @BeforeEach
  void begin() {
    nowMillis = DAY_MILLIS;
    start();
    mark();
    step(new Event.ScanEnded(scan().scan(), true));
    nowMillis += GATE_MILLIS;
    step(new Event.Tick());
    step(new Event.IdentityDrawn(values.identity()));
    sync();
  }

  private Effect.Scan scan() {
    return effects.stream()
        .filter(Effect.Scan.class::isInstance)
        .map(Effect.Scan.class::cast)
        .toList()
        .getLast();
  }

  /** Once what was begun is ended, and what a peer tells is synced as well. */
  private void sync() {
    for (int syncs = 0; syncs < 2; syncs++) {
      nowMillis += SECOND_MILLIS;
      RelativePath gone = RelativePath.of("gone" + number);
      tell(gone, Entry.ABSENT, Group.NONE);
      sendUnmarked();
      step(new Event.Inspected(gone, new Observation.Gone()));
      step(new Event.Synced(nowMillis));
      step(new Event.Told(nowMillis));
    }
  }

  private void changed(RelativePath path) {
    step(new Event.Suspected(path, Cause.WATCH, false));
  }

  /** It is read within the tick in which it was written. */
  private void read(RelativePath path, long inode, long ctimeMillis) {
    Stamp stamp = new Stamp(1, inode, 1, 1, ctimeMillis * 1_000_000 + 1, 0100644, 0, 0, 1);
    Target actual = new Target(file(inode), Instant.ofEpochSecond(inode), MODE);
    step(new Event.Inspected(path, new Observation.Found(stamp, actual, ChunkList.EMPTY)));
  }

  /** From when on the next daemon reads files that have the stamps of before. */
  private long doubtedSinceMillis() {
    return comeBack("boot").distrustSinceMillis();
  }

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
