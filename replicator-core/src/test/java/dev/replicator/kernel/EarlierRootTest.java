package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.NodeId;
import dev.replicator.model.Problem;
import dev.replicator.model.RootIdentity;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A root from before the last stop is not gone on with as if somebody had worked in it. */
class EarlierRootTest extends GroupScenario {
  private static final RootIdentity ROOT = new RootIdentity(1, 2, "");

  private RootIdentity onDisk = ROOT;

  private void start(RootIdentity found) {
    replica = replica(true);
    effects.clear();
    TreeSet<NodeId> peers = new TreeSet<>(List.of(PEER));
    step(new Event.Started(values.identity(), "boot", 0, Optional.of(found), peers, List.of()));
    effects.stream()
        .filter(Effect.AcceptRoot.class::isInstance)
        .map(Effect.AcceptRoot.class::cast)
        .forEach(accepted -> onDisk = accepted.identity());
  }

  private void sync() {
    step(new Event.Suspected(TOP, Cause.WATCH, false));
    step(new Event.Synced(nowMillis, Optional.of(onDisk)));
    step(new Event.Told(nowMillis));
  }

  @Test
  void everyStartBeginsAnEpochOfTheRoot() {
    start(ROOT);
    long first = onDisk.epoch();
    start(onDisk);
    assertEquals(first + 1, onDisk.epoch());
  }

  @Test
  void aSnapshotFromBeforeTheLastStartIsHeldAndApprovedForGood() {
    start(ROOT);
    RootIdentity snapshot = onDisk;
    start(onDisk);
    sync();
    RootIdentity latest = onDisk;

    start(snapshot);
    assertTrue(replica.isRootLost());

    step(new Event.ApproveAsked(1));
    assertFalse(replica.isRootLost());
    RootIdentity approved =
        effects.stream()
            .filter(Effect.AcceptRoot.class::isInstance)
            .map(Effect.AcceptRoot.class::cast)
            .findFirst()
            .orElseThrow()
            .identity();
    assertTrue(approved.epoch() > latest.epoch());
  }

  @Test
  void aSnapshotThatIsMountedWhileTheDaemonRunsIsHeld() {
    start(ROOT);
    RootIdentity snapshot = onDisk;
    start(onDisk);
    sync();
    step(new Event.RootLost(new Problem(Problem.Kind.HELD, Event.RootLost.MISSING)));
    step(new Event.RootFound(snapshot));
    assertTrue(replica.isRootLost());
    step(new Event.RootFound(onDisk));
    assertFalse(replica.isRootLost());
  }

  /** Who owns the root may write what he likes beside its marker. */
  @Test
  void noEpochIsTooHighToGoOn() {
    start(ROOT);
    sync();
    start(onDisk.withEpoch(RootIdentity.EPOCH_MAX));
    assertFalse(replica.isRootLost());
    assertEquals(1, onDisk.epoch());
    sync();
    start(onDisk);
    assertFalse(replica.isRootLost());
  }

  @Test
  void whatSomebodyElseWroteForTheEpochIsNotBelieved() {
    start(ROOT);
    RootIdentity put = onDisk;
    onDisk = onDisk.withEpoch(RootIdentity.EPOCH_MAX - 1);
    sync();
    start(put);
    assertFalse(replica.isRootLost());
  }

  @Test
  void aKillBetweenMarkAndJournalIsNoReasonToHold() {
    start(ROOT);
    start(onDisk);
    assertFalse(replica.isRootLost());
    // The mark of the second start never came to the disk.
    start(onDisk.withEpoch(onDisk.epoch() - 1));
    assertFalse(replica.isRootLost());
  }
}
