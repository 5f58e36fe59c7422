package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.replicator.model.FormerLife;
import dev.replicator.model.Identity;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.RootState;
import dev.replicator.model.VersionVector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A peer shows that the journal is an old one while the next identity is still being drawn. */
class LateIdentityTest extends GroupScenario {
  private static final long GATE_MILLIS = 3_000;

  private RootState root() {
    return journal.root().orElseThrow();
  }

  /** Nobody answers in time, which takes the identity that was at hand. */
  private void startAloneAndWrite() {
    replica = replica(true);
    TreeSet<NodeId> peers = new TreeSet<>(List.of(PEER));
    Optional<RootIdentity> root = Optional.of(new RootIdentity(1, 2, ""));
    step(new Event.Started(values.identity(), "boot", 0, root, peers, List.of()));
    nowMillis += GATE_MILLIS;
    step(new Event.Suspected(TOP, Cause.WATCH, false));
  }

  @Test
  void whatWasShownWhileNoIdentityWasAtHandIsNotForgotten() {
    merge();
    Identity before = root().identity();
    startAloneAndWrite();
    Identity unasked = root().identity();
    assertNotEquals(before, unasked);

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
    assertEquals(unasked, root().identity());

    Identity drawn = values.identity();
    step(new Event.IdentityDrawn(drawn));

    assertEquals(drawn.replica(), root().identity().replica());
    assertEquals(FormerLife.End.CONTRADICTED, root().unproven().getLast().end());
  }
}
