package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import org.junit.jupiter.api.Test;

class ParentWaitsTest {
  private final ParentWaits waits = new ParentWaits();

  @Test
  void remembersNoMorePathsThanTheLimitAndHasRoomAgainLater() {
    RelativePath one = RelativePath.of("one");
    RelativePath late = RelativePath.of("two/late");
    for (int number = 0; number < Limits.PATHS_WAITING_MAX; number++) {
      waits.add(RelativePath.of("one/" + number));
    }
    waits.add(late);
    assertFalse(waits.contains(late));

    assertEquals(Limits.PATHS_WAITING_MAX, waits.take(one).size());
    assertFalse(waits.isAwaited(one));
    waits.add(late);
    assertTrue(waits.contains(late));
  }
}
