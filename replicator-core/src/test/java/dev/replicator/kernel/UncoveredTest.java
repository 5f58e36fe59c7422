package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Message;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.VersionVector;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a barrier that is done names as not covered. */
class UncoveredTest extends GroupScenario {
  private static final RelativePath LOCKED = RelativePath.of("locked");
  private static final RelativePath OTHER = RelativePath.of("other");
  private static final long REQUEST = 7;

  @BeforeEach
  void begin() {
    start();
    mark();
    endScan();
    nowMillis += GATE_MILLIS;
    step(new Event.Tick());
    step(new Event.IdentityDrawn(values.identity()));
    effects.clear();
  }

  private void endScan() {
    endScan(true);
  }

  private void endScan(boolean whole) {
    Effect.Scan scan = lastScan();
    step(new Event.ScanEnded(scan.scan(), whole));
  }

  private void ask(RelativePath scope, int peers) {
    step(new Event.BarrierAsked(REQUEST, scope, OptionalInt.of(peers), 60_000));
    step(new Event.Flushed(REQUEST, true));
  }

  private List<Answer.Barrier> answers() {
    return effects.stream()
        .filter(Effect.Reply.class::isInstance)
        .map(effect -> (Answer.Barrier) ((Effect.Reply) effect).answer())
        .toList();
  }

  private List<RelativePath> uncovered() {
    return answers().getLast().unread();
  }

  /** 14010232: its peers had everything else meanwhile, and not that. */
  @Test
  void whatCouldNotBeReadWhenItWasAskedIsNamedThoughItIsReadBeforeTheAnswer() {
    step(new Event.Suspected(OTHER, Cause.WATCH, false));
    read(OTHER, 9);
    step(new Event.Suspected(LOCKED, Cause.WATCH, false));
    Problem problem = Problem.of(Problem.Kind.INPUT_OUTPUT);
    step(new Event.Inspected(LOCKED, new Observation.Unreadable(problem)));
    ask(RelativePath.ROOT, 1);
    VersionVector asked = root().clock();
    nowMillis += 1_000;
    step(new Event.Tick());
    read(LOCKED, 10);
    assertTrue(journal.pending(LOCKED).isEmpty(), "it was not read again");
    assertEquals(List.of(), answers());
    step(
        new Event.Received(
            PEER, new Message.Facts(PEER, theirs.journal(), 1, asked, List.of(), 0, false, 1, 0)));
    assertEquals(Answer.BarrierEnd.DONE, answers().getLast().end());
    assertEquals(List.of(LOCKED), uncovered());
  }

  /** 14011556: what somebody had moved in there stood in no index. */
  @Test
  void aDirectoryThatCouldNotBeListedIsNamedUntilAScanOfItSawItWhole() {
    RelativePath below = LOCKED.child("below");
    step(new Event.ScopeSuspected(LOCKED, Cause.WATCH));
    step(new Event.Unreadable(LOCKED, Problem.of(Problem.Kind.PERMISSION)));
    endScan();
    ask(below, 0);
    assertEquals(List.of(LOCKED), uncovered());
    ask(RelativePath.ROOT, 0);
    assertEquals(List.of(LOCKED), uncovered());
    ask(OTHER, 0);
    assertEquals(List.of(), uncovered());

    step(new Event.ScopeSuspected(LOCKED, Cause.SCAN));
    endScan();
    ask(below, 0);
    assertEquals(List.of(), uncovered());
  }

  /** What it would have found is nowhere: the overflow took the events. */
  @Test
  void aScanThatFailedIsTriedAtOnceAndAwaited() {
    step(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    endScan(false);
    long failed = lastScan().scan();
    ask(OTHER, 0);
    assertEquals(List.of(), answers());
    assertTrue(lastScan().scan() > failed, "it was not tried again");
    step(new Event.Suspected(OTHER, Cause.SCAN, false));
    endScan();
    assertEquals(List.of(), answers());
    read(OTHER, 9);
    assertEquals(Answer.BarrierEnd.DONE, answers().getLast().end());
  }

  @Test
  void aScanThatFailsAgainIsAwaitedForAsLongAsWasAsked() {
    step(new Event.ScopeSuspected(TOP, Cause.SCAN));
    endScan(false);
    ask(OTHER, 0);
    endScan(false);
    assertEquals(Answer.BarrierEnd.DONE, answers().getLast().end(), "what is beside it is known");
    effects.clear();
    ask(TOP, 0);
    endScan(false);
    assertEquals(List.of(), answers());
    nowMillis += 60_000;
    step(new Event.Tick());
    assertEquals(Answer.BarrierEnd.TIMED_OUT, answers().getLast().end());
  }

  /** That may be so for ever. */
  @Test
  void aRootThatCannotBeListedIsNamedAndNotAwaited() {
    step(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    step(new Event.Unreadable(RelativePath.ROOT, Problem.of(Problem.Kind.PERMISSION)));
    endScan(false);
    ask(OTHER, 0);
    assertEquals(List.of(), answers());
    step(new Event.Unreadable(RelativePath.ROOT, Problem.of(Problem.Kind.PERMISSION)));
    endScan(false);
    assertEquals(Answer.BarrierEnd.DONE, answers().getLast().end());
    assertEquals(List.of(RelativePath.ROOT), uncovered());
  }
}
