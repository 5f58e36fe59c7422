package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.FormerLife;
import dev.replicator.model.Identity;
import dev.replicator.model.Observation;
import org.junit.jupiter.api.Test;

/** A peer shows that the journal is an old one while the scan of the start is not over yet. */
class AdoptionScanTest extends GroupScenario {
  /** The scan of the start listed all; what it found is looked at when nobody answered in time. */
  private void startAlone() {
    replica = replica(true);
    startDaemon();
    step(new Event.Suspected(TOP, Cause.SCAN, false));
    step(new Event.ScanEnded(lastScan().scan(), true));
    nowMillis += GATE_MILLIS;
    step(new Event.Tick());
    step(new Event.IdentityDrawn(values.identity()));
  }

  /** What the first one has not listed again since is not known to be as the index says. */
  @Test
  void scanThatBeganBeforeTheRollbackDoesNotEndTheAdoptionAfterIt() {
    merge();
    Identity before = root().identity();
    startAlone();
    contradict(before);
    assertEquals(FormerLife.End.CONTRADICTED, root().unproven().getLast().end());
    long adopting = lastScan().scan();

    step(new Event.Inspected(TOP, new Observation.Gone()));
    step(new Event.Inspected(TOP, new Observation.Gone()));
    assertFalse(root().scanned(), "the scan of the start is over");

    step(new Event.ScanEnded(adopting, true));
    assertTrue(root().scanned(), "the scan since the rollback is over");
  }
}
