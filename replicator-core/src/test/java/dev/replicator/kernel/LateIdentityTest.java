package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.replicator.model.FormerLife;
import dev.replicator.model.Identity;
import org.junit.jupiter.api.Test;

/** A peer shows that the journal is an old one while the next identity is still being drawn. */
class LateIdentityTest extends GroupScenario {
  /** Nobody answers in time, which takes the identity that was at hand. */
  private void startAloneAndWrite() {
    replica = replica(true);
    startDaemon();
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

    contradict(before);
    assertEquals(unasked, root().identity());

    Identity drawn = values.identity();
    step(new Event.IdentityDrawn(drawn));

    assertEquals(drawn.replica(), root().identity().replica());
    assertEquals(FormerLife.End.CONTRADICTED, root().unproven().getLast().end());
  }
}
