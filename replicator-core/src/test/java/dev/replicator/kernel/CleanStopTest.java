package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Identity;
import dev.replicator.model.NodeId;
import dev.replicator.model.RootIdentity;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The marker of a clean stop is gone for good before the tree is worked on again. */
class CleanStopTest extends GroupScenario {
  /** What the start appends, before it does anything else. */
  private Effect.Append startAgain(String boot) {
    replica = replica(true);
    effects.clear();
    Optional<RootIdentity> root = Optional.of(new RootIdentity(1, 2, ""));
    TreeSet<NodeId> peers = new TreeSet<>(List.of(PEER));
    step(new Event.Started(values.identity(), boot, 0, root, peers, List.of()));
    assertFalse(journal.root().orElseThrow().clean());
    return (Effect.Append) effects.getFirst();
  }

  private void stop() {
    step(new Event.StopAsked(1));
    step(new Event.Synced(nowMillis));
    step(new Event.Told(nowMillis));
    step(new Event.Synced(nowMillis));
    step(new Event.Told(nowMillis));
    assertTrue(journal.root().orElseThrow().clean());
  }

  @Test
  void startAfterACleanStopSyncsThatTheMarkerIsGone() {
    merge();
    stop();
    assertTrue(startAgain("boot").synced());
    stop();
    assertTrue(startAgain("another boot").synced());
  }

  @Test
  void noOtherAppendWaitsForASync() {
    merge();
    assertFalse(startAgain("boot").synced());
    stop();
    startAgain("boot");
    step(new Event.Suspected(TOP, Cause.WATCH, false));
    assertEquals(
        1,
        effects.stream()
            .filter(effect -> effect instanceof Effect.Append append && append.synced())
            .count());
  }

  /** It would forget a later journal of this node, of which nobody else may know. */
  @Test
  void whoWaitsForTheDiskIsNobodyElseByThenAndGreetsNoPeer() {
    merge();
    startAgain("another boot");
    Identity before = journal.root().orElseThrow().identity();
    effects.clear();
    step(new Event.StopAsked(1));
    nowMillis += 60_000;
    step(new Event.Tick());
    step(new Event.Connected(PEER));
    step(new Event.Tick());
    assertEquals(before, journal.root().orElseThrow().identity());
    assertTrue(effects.stream().noneMatch(effect -> effect instanceof Effect.Send));
    assertTrue(replica.wakeAtMillis() > nowMillis);
  }
}
