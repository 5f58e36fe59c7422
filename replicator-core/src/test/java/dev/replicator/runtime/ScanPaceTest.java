package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Cause;
import org.junit.jupiter.api.Test;

class ScanPaceTest {
  private final ScanPace pace = new ScanPace();

  @Test
  void pathsThatChangeWithoutAPauseHoldNoScanBack() {
    pace.stepped(10 * ScanPace.BACKLOG_MAX, 0);

    assertFalse(pace.holdsBack(Cause.SCAN));
    assertTrue(pace.holdsBack(Cause.WATCH), "it goes into the queue that is long already");
  }

  @Test
  void scanWaitsForWhatScansFound() {
    pace.stepped(ScanPace.BACKLOG_MAX + 1, ScanPace.BACKLOG_MAX + 1);

    assertTrue(pace.holdsBack(Cause.SCAN));
  }

  @Test
  void scanWaitsForWhatIsOnItsWay() {
    for (int i = 0; i <= ScanPace.BACKLOG_MAX; i++) {
      pace.told();
    }
    assertTrue(pace.holdsBack(Cause.SCAN));

    pace.taken();

    assertFalse(pace.holdsBack(Cause.SCAN));
  }
}
