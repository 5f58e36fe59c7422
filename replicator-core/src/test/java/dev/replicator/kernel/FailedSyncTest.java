package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The kernel holds for written what it dropped when a sync failed: no later one of it is trusted.
 */
class FailedSyncTest extends GroupScenario {
  private static final long PAUSE_MILLIS = 60_000;

  private long before;

  @BeforeEach
  void failToSync() {
    merge();
    sync();
    before = root().checkpointMillis();
    step(new Event.SyncFailed());
    Effect.Append told =
        effects.stream()
            .filter(Effect.Append.class::isInstance)
            .map(Effect.Append.class::cast)
            .toList()
            .getLast();
    assertTrue(told.synced(), "the next start must know of it");
  }

  private void sync() {
    nowMillis += PAUSE_MILLIS;
    step(new Event.Tick());
    step(new Event.Synced(nowMillis));
    step(new Event.Told(nowMillis));
  }

  private long durableTold() {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Effect.Send) effect).message())
        .filter(Message.Acknowledgement.class::isInstance)
        .mapToLong(message -> ((Message.Acknowledgement) message).durable())
        .max()
        .orElse(0);
  }

  @Test
  void noSyncOfThatBootVouchesForAnything() {
    comeBack("boot");
    connect(root().clock());
    arrive();
    sync();
    sync();
    assertEquals(before, root().checkpointMillis());
    assertEquals(0, durableTold());
  }

  @Test
  void theStartTellsOfIt() {
    comeBack("boot");
    assertTrue(
        effects.stream()
            .anyMatch(effect ->
                effect instanceof Effect.Alarm alarm
                    && alarm.text().startsWith("a sync failed since the machine was started")));
  }

  @Test
  void aStopInThatBootEndsAndIsNotClean() {
    comeBack("boot");
    step(new Event.StopAsked(1));
    step(new Event.Synced(nowMillis));
    step(new Event.Told(nowMillis));
    assertTrue(
        effects.stream().anyMatch(effect -> effect instanceof Effect.Reply), "it never ends");
    assertFalse(root().clean());
  }

  @Test
  void theNextBootReadsAgainWhatIsYoungerAndTrustsItsSyncs() {
    comeBack("boot");
    sync();
    Effect.Scan scan = comeBack("another boot");
    assertEquals(before, scan.distrustSinceMillis());
    assertFalse(root().syncFailed());
    step(new Event.Synced(nowMillis));
    step(new Event.Told(nowMillis));
    step(new Event.ScanEnded(scan.scan(), true));
    arrive();
    sync();
    assertTrue(root().checkpointMillis() > before);
  }
}
