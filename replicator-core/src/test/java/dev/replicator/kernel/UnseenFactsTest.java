package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Message;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A power cut may have taken from the disk what the journal knows to be there. */
class UnseenFactsTest extends GroupScenario {
  private static final long PAUSE_MILLIS = 60_000;

  private Message.Facts told() {
    nowMillis += PAUSE_MILLIS;
    step(new Event.Tick());
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Effect.Send) effect).message())
        .filter(Message.Facts.class::isInstance)
        .map(Message.Facts.class::cast)
        .toList()
        .getLast();
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

  @Test
  void peersAreToldWhatTheFirstScanCouldNotReadUntilALaterOneDid() {
    merge();
    RelativePath hidden = RelativePath.of("hidden");
    Effect.Scan scan = comeBack("next");
    connect(root().clock());
    step(new Event.Unreadable(hidden, Problem.of(Problem.Kind.INPUT_OUTPUT)));
    step(new Event.ScanEnded(scan.scan(), true));
    step(new Event.Tick());
    assertEquals(List.of(hidden), told().exceptions());
    assertEquals(0, told().more());

    step(new Event.ScopeSuspected(hidden, Cause.SCAN));
    step(new Event.ScanEnded(lastScan(), true));
    step(new Event.Tick());
    assertEquals(List.of(), told().exceptions());
  }

  private long lastScan() {
    return effects.stream()
        .filter(Effect.Scan.class::isInstance)
        .mapToLong(effect -> ((Effect.Scan) effect).scan())
        .max()
        .orElseThrow();
  }
}
