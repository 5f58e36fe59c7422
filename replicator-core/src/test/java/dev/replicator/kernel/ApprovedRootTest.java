package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Identity;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RootIdentity;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A power cut before the scan of another directory is over, which is the root since. */
class ApprovedRootTest extends LookScenario {
  private static final RootIdentity ROOT = new RootIdentity(1, 2, "");
  private static final RootIdentity OTHER_ROOT = new RootIdentity(1, 9, "");
  private static final long MINUTE_MILLIS = 60_000;

  /** It was synced long ago. */
  private void write() {
    long writtenMillis = nowMillis;
    nowMillis += MINUTE_MILLIS;
    changed(PAGE);
    read(PAGE, 1, writtenMillis);
    sync();
    assertTrue(root().checkpointMillis() > writtenMillis);
  }

  private void approveOther() {
    step(new Event.RootLost(new Problem(Problem.Kind.HELD, Event.RootLost.MISSING)));
    step(new Event.RootFound(OTHER_ROOT));
    step(new Event.ApproveAsked(1));
  }

  private Effect.Scan loseThePower(RootIdentity found) {
    nowMillis += MINUTE_MILLIS;
    replica = replica(true);
    effects.clear();
    TreeSet<NodeId> peers = new TreeSet<>(List.of(PEER));
    step(
        new Event.Started(
            values.identity(), "next", nowMillis, Optional.of(found), peers, List.of()));
    return scans().getFirst();
  }

  private void isGone() {
    changed(PAGE);
    step(new Event.Inspected(PAGE, new Observation.Gone()));
  }

  @Test
  void whatWasSyncedAndIsToldToBeGoneIsDeleted() {
    write();
    loseThePower(ROOT);
    isGone();
    assertTrue(journal.materialised(PAGE).isPresent(), "waits to be judged");
  }

  /** 17402825: what the directory of before held was taken for deleted, and went everywhere. */
  @Test
  void whatAnApprovedDirectoryLacksIsNotDeletedThoughThePowerFails() {
    write();
    approveOther();
    Effect.Scan scan = loseThePower(OTHER_ROOT);
    assertEquals(0, scan.distrustSinceMillis());
    isGone();
    assertTrue(journal.materialised(PAGE).isEmpty(), "is not known to have been there");
  }

  @Test
  void whatAnOldJournalHadSyncedIsVouchedForByNothing() {
    write();
    Identity life = root().identity();
    contradict(life);
    assertEquals(0, root().checkpointMillis());
  }
}
