package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Message;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When everything is on stable storage, here and on the peers. */
class DurableBarrierTest extends GroupScenario {
  private static final RelativePath ONE = RelativePath.of("one");
  private static final RelativePath OTHER = RelativePath.of("other");
  private static final long REQUEST = 7;
  private static final long TIMEOUT_MILLIS = 60_000;
  private static final long RUN = 10;
  private static final long NEXT_RUN = 20;

  @BeforeEach
  void begin() {
    start();
    mark();
    step(new Event.ScanEnded(lastScan().scan(), true));
    nowMillis += GATE_MILLIS;
    step(new Event.Tick());
    step(new Event.IdentityDrawn(values.identity()));
    while (count(Effect.Sync.class) > synced) {
      sync();
    }
    effects.clear();
    synced = 0;
  }

  private long synced;

  private long count(Class<? extends Effect> kind) {
    return effects.stream().filter(kind::isInstance).count();
  }

  private void sync() {
    synced++;
    step(new Event.Synced(nowMillis));
  }

  private void ask() {
    step(
        new Event.BarrierAsked(
            REQUEST, RelativePath.ROOT, OptionalInt.of(1), TIMEOUT_MILLIS, true));
    step(new Event.Flushed(REQUEST, true));
  }

  private void told(long since, long version, long syncedVersion) {
    Message.Facts facts =
        new Message.Facts(
            PEER,
            theirs.journal(),
            version,
            root().clock(),
            List.of(),
            0,
            false,
            since,
            syncedVersion);
    step(new Event.Received(PEER, facts));
  }

  private Answer.Barrier answer() {
    return effects.stream()
        .filter(Effect.Reply.class::isInstance)
        .map(effect -> (Answer.Barrier) ((Effect.Reply) effect).answer())
        .findFirst()
        .orElseThrow();
  }

  private boolean isAnswered() {
    return count(Effect.Reply.class) > 0;
  }

  @Test
  void isDoneWhenThePeerSyncedWhatItShows() {
    ask();
    sync();
    told(RUN, 12, 0);
    told(RUN, 13, 11);
    assertFalse(isAnswered(), "what it synced is from before it showed all");
    told(RUN, 14, 12);
    assertEquals(Answer.BarrierEnd.DONE, answer().end());
  }

  @Test
  void isNotDoneBeforeASyncOfThisNodeThatBeganSince() {
    ask();
    assertEquals(1, count(Effect.Sync.class), "a sync is asked for, though nothing changed");
    told(RUN, 12, 0);
    told(RUN, 13, 12);
    assertFalse(isAnswered());
    sync();
    assertEquals(Answer.BarrierEnd.DONE, answer().end());
  }

  /** A power cut took what it showed, and it shows all again: no sync vouches for that. */
  @Test
  void whatThePeerShowedInAnotherRunIsNotVouchedForByASyncOfThisOne() {
    ask();
    sync();
    told(RUN, 12, 0);
    told(NEXT_RUN, 21, 20);
    assertFalse(isAnswered());
    told(NEXT_RUN, 22, 21);
    assertEquals(Answer.BarrierEnd.DONE, answer().end());
  }

  /** It says neither since when nor what: it is of an older version. */
  @Test
  void aPeerThatNeverTellsOfSyncsShowsEverythingAndIsNotDone() {
    ask();
    sync();
    told(0, 12, 0);
    nowMillis += TIMEOUT_MILLIS;
    step(new Event.Tick());
    assertEquals(Answer.BarrierEnd.TIMED_OUT, answer().end());
    Answer.PeerPart part = answer().peers().values().iterator().next();
    assertTrue(part.shown());
    assertFalse(part.done());
  }

  private void write(RelativePath path, long inode) {
    step(new Event.Suspected(path, Cause.WATCH, false));
    read(path, inode);
  }

  private void pass(long millis) {
    nowMillis += millis;
    step(new Event.Tick());
    step(new Event.Tick());
  }

  private Message.Facts toldBeforeTheLastSync() {
    Effect last = effects.stream().filter(Effect.Sync.class::isInstance).toList().getLast();
    return lastFacts(effects.subList(0, effects.lastIndexOf(last)));
  }

  @Test
  void aSyncThatRanWhenItWasAskedIsNotEnough() {
    write(ONE, 9);
    pass(2_000);
    assertEquals(1, count(Effect.Sync.class));
    ask();
    told(RUN, 12, 0);
    told(RUN, 13, 12);
    sync();
    assertFalse(isAnswered(), "it began before");
    assertEquals(2, count(Effect.Sync.class));
    sync();
    assertEquals(Answer.BarrierEnd.DONE, answer().end());
  }

  /** What it comes to show while a sync runs may be written after that, and is not vouched for. */
  @Test
  void aNodeTellsWhatItShowedWhenTheSyncBegan() {
    write(ONE, 9);
    pass(2_000);
    sync();
    write(OTHER, 10);
    pass(2_000);
    assertEquals(2, count(Effect.Sync.class));
    long before = toldBeforeTheLastSync().version();
    write(TOP, 11);
    pass(10);
    pass(10);
    assertTrue(lastFacts().version() > before);
    sync();
    pass(10);
    pass(10);
    assertEquals(before, lastFacts().synced());
    pass(2_000);
    assertEquals(3, count(Effect.Sync.class), "what it showed since waits for the next");
    sync();
    pass(10);
    pass(10);
    assertTrue(lastFacts().synced() > before);
    pass(60_000);
    assertEquals(3, count(Effect.Sync.class), "and nothing goes on for ever");
  }
}
