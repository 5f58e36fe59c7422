package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Group;
import dev.replicator.model.Message;
import dev.replicator.model.Observation;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A power cut may have taken from the disk what the journal knows to be there. */
class UnseenFactsTest extends GroupScenario {
  private static final long PAUSE_MILLIS = 60_000;

  private Message.Facts told() {
    nowMillis += PAUSE_MILLIS;
    step(new Event.Tick());
    return lastFacts();
  }

  /** 14404784: a barrier of a peer was done while the first scan had not looked yet. */
  @Test
  void noPeerIsToldThatAllShowsBeforeTheFirstScanIsOver() {
    merge();
    Effect.Scan scan = comeBack("next");
    connect(root().clock());
    assertEquals(1, told().more());

    step(new Event.ScanEnded(scan.scan(), true));
    step(new Event.Tick());
    assertEquals(0, told().more());
  }

  private static final RelativePath HIDDEN = RelativePath.of("hidden");

  private static final Stamp STAMP = new Stamp(1, 9, 0, 1, 1, 0040755, 0, 0, 1);

  private static Observation there() {
    Attributes attributes =
        new Attributes(
            EntryType.DIRECTORY, 0755, new Principal("root", 0), new Principal("root", 0));
    Target actual = new Target(Entry.DIRECTORY, Instant.EPOCH, attributes);
    return new Observation.Found(STAMP, actual, ChunkList.EMPTY);
  }

  /** A power cut, and a directory that cannot be listed since. */
  private void cutOff() {
    Effect.Scan scan = comeBack("next");
    connect(root().clock());
    step(new Event.Unreadable(HIDDEN, Problem.of(Problem.Kind.INPUT_OUTPUT)));
    step(new Event.ScanEnded(scan.scan(), true));
    step(new Event.Tick());
  }

  private void write() {
    step(new Event.Suspected(HIDDEN, Cause.WATCH, false));
    step(new Event.Inspected(HIDDEN, there()));
  }

  @Test
  void peersAreToldWhatTheFirstScanCouldNotReadUntilItWasRead() {
    merge();
    write();
    cutOff();
    assertEquals(List.of(HIDDEN), told().exceptions());
    assertEquals(0, told().more());

    step(new Event.Inspected(HIDDEN, there()));
    step(new Event.ScopeSuspected(HIDDEN, Cause.SCAN));
    step(new Event.ScanEnded(lastScan(HIDDEN).scan(), true));
    step(new Event.Inspected(HIDDEN, new Observation.Unchanged(STAMP)));
    step(new Event.Tick());
    assertEquals(List.of(), told().exceptions());
  }

  /** As {@code lost+found}, which is nobody's. */
  @Test
  void peersDoNotWaitForWhatNobodyEverSaw() {
    merge();
    cutOff();
    assertEquals(new TreeSet<>(List.of(HIDDEN)), root().unread());
    assertEquals(List.of(), told().exceptions());
  }

  /** Else a torn file of it would be believed, or taken for a write. */
  @Test
  void whatCouldNotBeReadIsNotBelievedBecauseOfAScanThatBelievesStamps() {
    merge();
    write();
    cutOff();
    step(new Event.ResumeAsked(1));

    step(new Event.ScanEnded(lastScan(RelativePath.ROOT).scan(), true));
    step(new Event.Tick());

    assertEquals(new TreeSet<>(List.of(HIDDEN)), root().unread());
    assertEquals(0, lastScan(HIDDEN).distrustSinceMillis());
  }

  private void look(Observation observation) {
    step(new Event.Suspected(HIDDEN, Cause.SCAN, false));
    step(new Event.Inspected(HIDDEN, observation));
  }

  /** 17010185: the look that failed was one more of the very directory that is scanned. */
  @Test
  void whatCouldBeReadAgainBeforeItsScanIsOverIsNotToldToBeUnreadForEver() {
    Observation failed = new Observation.Unreadable(Problem.of(Problem.Kind.INPUT_OUTPUT));
    merge();
    write();
    Effect.Scan first = comeBack("next");
    connect(root().clock());
    look(failed);
    step(new Event.ScanEnded(first.scan(), true));
    step(new Event.Tick());
    assertEquals(List.of(HIDDEN), told().exceptions());

    step(new Event.Inspected(HIDDEN, new Observation.Unchanged(STAMP)));
    Effect.Scan second = lastScan(HIDDEN);
    look(failed);
    look(new Observation.Unchanged(STAMP));
    step(new Event.ScanEnded(second.scan(), true));
    step(new Event.Tick());
    step(new Event.ScanEnded(lastScan(HIDDEN).scan(), true));
    step(new Event.Tick());
    assertEquals(new TreeSet<>(), root().unread());
    assertEquals(List.of(), told().exceptions());
  }

  /** 17010185: a peer deleted it before the next look. */
  @Test
  void whatCouldNotBeReadIsReadOnceThisNodeRemovedIt() {
    merge();
    tell(HIDDEN, file(SMALL), Group.NONE);
    mark();
    stageAll();
    Target there = exchange().intent().target();
    step(new Event.Exchanged(HIDDEN, new Outcome.Placed(stamp(1), there)));
    Effect.Scan scan = comeBack("next");
    connect(root().clock());
    look(new Observation.Unreadable(Problem.of(Problem.Kind.INPUT_OUTPUT)));
    step(new Event.ScanEnded(scan.scan(), true));
    step(new Event.Tick());
    assertEquals(new TreeSet<>(List.of(HIDDEN)), root().unread());

    tell(HIDDEN, Entry.ABSENT, Group.NONE);
    mark();
    step(new Event.Tick());
    assertEquals(Entry.ABSENT, exchange().intent().target().entry());
    step(new Event.Exchanged(HIDDEN, new Outcome.Removed()));
    assertEquals(new TreeSet<>(), root().unread());
    assertEquals(List.of(), told().exceptions());
  }

  private Effect.Exchange exchange() {
    return effects.stream()
        .filter(Effect.Exchange.class::isInstance)
        .map(Effect.Exchange.class::cast)
        .toList()
        .getLast();
  }

  private Effect.Scan lastScan(RelativePath scope) {
    return effects.stream()
        .filter(Effect.Scan.class::isInstance)
        .map(Effect.Scan.class::cast)
        .filter(scan -> scan.scope().equals(scope))
        .max(Comparator.comparingLong(Effect.Scan::scan))
        .orElseThrow();
  }
}
