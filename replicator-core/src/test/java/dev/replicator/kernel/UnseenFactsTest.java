package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Message;
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
}
