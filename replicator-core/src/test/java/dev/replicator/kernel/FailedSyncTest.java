package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RootIdentity;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
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

  private Effect.Scan startAgain(String boot) {
    nowMillis += PAUSE_MILLIS;
    replica = replica(true);
    effects.clear();
    Optional<RootIdentity> root = Optional.of(new RootIdentity(1, 2, ""));
    TreeSet<NodeId> peers = new TreeSet<>(List.of(PEER));
    step(new Event.Started(values.identity(), boot, nowMillis, root, peers, List.of()));
    return effects.stream()
        .filter(Effect.Scan.class::isInstance)
        .map(Effect.Scan.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private void sync() {
    nowMillis += PAUSE_MILLIS;
    step(new Event.Tick());
    step(new Event.Synced(nowMillis));
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
    startAgain("boot");
    connect(root().clock());
    arrive();
    sync();
    sync();
    assertEquals(before, root().checkpointMillis());
    assertEquals(0, durableTold());
  }

  @Test
  void theStartTellsOfIt() {
    startAgain("boot");
    assertTrue(
        effects.stream()
            .anyMatch(effect ->
                effect instanceof Effect.Alarm alarm
                    && alarm.text().startsWith("a sync failed since the machine was started")));
  }

  @Test
  void aStopInThatBootEndsAndIsNotClean() {
    startAgain("boot");
    step(new Event.StopAsked(1));
    step(new Event.Synced(nowMillis));
    assertTrue(
        effects.stream().anyMatch(effect -> effect instanceof Effect.Reply), "it never ends");
    assertFalse(root().clean());
  }

  @Test
  void theNextBootReadsAgainWhatIsYoungerAndTrustsItsSyncs() {
    startAgain("boot");
    sync();
    Effect.Scan scan = startAgain("another boot");
    assertEquals(before, scan.distrustSinceMillis());
    assertFalse(root().syncFailed());
    step(new Event.Synced(nowMillis));
    step(new Event.ScanEnded(scan.scan(), true));
    arrive();
    sync();
    assertTrue(root().checkpointMillis() > before);
  }
}
