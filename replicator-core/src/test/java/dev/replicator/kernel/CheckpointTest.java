package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.NodeId;
import dev.replicator.model.RootIdentity;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a crash may have taken is looked for until that was done, however often a node starts. */
class CheckpointTest extends GroupScenario {
  private static final long PAUSE_MILLIS = 1_000;

  /** Since when the scan of a start after a crash trusts no stamp. */
  private Effect.Scan startAfterACrash(String boot) {
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

  /** A second crash comes before the scan after the first is over: a file is empty, and trusted. */
  @Test
  void syncBeforeTheScanAfterACrashIsOverVouchesForNothing() {
    merge();
    sync();
    long before = root().checkpointMillis();
    startAfterACrash("second");
    sync();
    assertEquals(before, root().checkpointMillis());
    assertEquals(before, startAfterACrash("third").distrustSinceMillis());
  }

  @Test
  void syncAfterThatScanVouchesForAllThatWasPut() {
    merge();
    sync();
    long before = root().checkpointMillis();
    Effect.Scan scan = startAfterACrash("second");
    step(new Event.Synced(nowMillis));
    step(new Event.ScanEnded(scan.scan(), true));
    arrive();
    sync();
    assertTrue(root().checkpointMillis() > before);
  }
}
