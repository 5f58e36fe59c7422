package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Group;
import dev.replicator.model.Limits;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two trees that are alike meet: what is here is not fetched before it was looked at. */
class LooksFirstTest extends GroupScenario {
  @BeforeEach
  void begin() {
    start();
    mark();
    effects.stream()
        .filter(Effect.Scan.class::isInstance)
        .map(Effect.Scan.class::cast)
        .toList()
        .forEach(scan -> step(new Event.ScanEnded(scan.scan(), true)));
    nowMillis += GATE_MILLIS;
    step(new Event.Tick());
    step(new Event.IdentityDrawn(values.identity()));
    effects.clear();
  }

  private static RelativePath found(int number) {
    return RelativePath.of("found-" + number);
  }

  private long staged() {
    return effects.stream().filter(Effect.Stage.class::isInstance).count();
  }

  @Test
  void nothingIsFetchedWhileMoreWaitsToBeLookedAtThanIsLookedAtAtOnce() {
    for (int i = 0; i <= Limits.LOOKS_IN_FLIGHT_MAX; i++) {
      step(new Event.Suspected(found(i), Cause.SCAN, false));
    }
    tell(RelativePath.of("theirs"), file(1), Group.NONE);
    sendUnmarked();
    step(new Event.Appended());
    assertEquals(0, staged());

    step(new Event.Inspected(found(0), new Observation.Gone()));
    assertEquals(1, staged(), "all is being looked at");
  }
}
