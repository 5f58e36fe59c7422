package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.FormerLife;
import dev.replicator.model.Identity;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.RootState;
import dev.replicator.model.VersionVector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A peer shows that the journal is an old one while the scan of the start is not over yet. */
class AdoptionScanTest extends GroupScenario {
  private static final long GATE_MILLIS = 3_000;

  private RootState root() {
    return journal.root().orElseThrow();
  }

  private long lastScan() {
    return effects.stream()
        .filter(Effect.Scan.class::isInstance)
        .map(Effect.Scan.class::cast)
        .toList()
        .getLast()
        .scan();
  }

  /** The scan of the start listed all; what it found is looked at when nobody answered in time. */
  private void startAlone() {
    replica = replica(true);
    TreeSet<NodeId> peers = new TreeSet<>(List.of(PEER));
    Optional<RootIdentity> root = Optional.of(new RootIdentity(1, 2, ""));
    step(new Event.Started(values.identity(), "boot", 0, root, peers, List.of()));
    step(new Event.Suspected(TOP, Cause.SCAN, false));
    step(new Event.ScanEnded(lastScan(), true));
    nowMillis += GATE_MILLIS;
    step(new Event.Tick());
    step(new Event.IdentityDrawn(values.identity()));
  }

  private void contradict(Identity before) {
    step(new Event.Connected(PEER));
    VersionVector more = VersionVector.of(Map.of(before.replica(), 5L));
    step(
        new Event.Received(
            PEER,
            new Message.Hello(
                theirs,
                more,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                values.digest())));
    assertEquals(FormerLife.End.CONTRADICTED, root().unproven().getLast().end());
  }

  /** What the first one has not listed again since is not known to be as the index says. */
  @Test
  void scanThatBeganBeforeTheRollbackDoesNotEndTheAdoptionAfterIt() {
    merge();
    Identity before = root().identity();
    startAlone();
    contradict(before);
    long adopting = lastScan();

    step(new Event.Inspected(TOP, new Observation.Gone()));
    step(new Event.Inspected(TOP, new Observation.Gone()));
    assertFalse(root().scanned(), "the scan of the start is over");

    step(new Event.ScanEnded(adopting, true));
    assertTrue(root().scanned(), "the scan since the rollback is over");
  }
}
