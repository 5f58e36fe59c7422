package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a crash may have taken is looked for until that was done, however often a node starts. */
class CheckpointTest extends GroupScenario {
  private static final long PAUSE_MILLIS = 1_000;

  private void sync() {
    nowMillis += PAUSE_MILLIS;
    step(new Event.Tick());
    step(new Event.Synced(nowMillis));
    step(new Event.Told(nowMillis));
  }

  /** A second crash comes before the scan after the first is over: a file is empty, and trusted. */
  @Test
  void syncBeforeTheScanAfterACrashIsOverVouchesForNothing() {
    merge();
    sync();
    long before = root().checkpointMillis();
    comeBack("second");
    sync();
    assertEquals(before, root().checkpointMillis());
    assertEquals(before, comeBack("third").distrustSinceMillis());
  }

  @Test
  void syncAfterThatScanVouchesForAllThatWasPut() {
    merge();
    sync();
    long before = root().checkpointMillis();
    Effect.Scan scan = comeBack("second");
    step(new Event.Synced(nowMillis));
    step(new Event.Told(nowMillis));
    step(new Event.ScanEnded(scan.scan(), true));
    arrive();
    sync();
    assertTrue(root().checkpointMillis() > before);
  }
}
