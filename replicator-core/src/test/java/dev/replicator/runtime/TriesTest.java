package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.ChunkList;
import dev.replicator.model.FileKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TriesTest {
  private static final Reading READING = new Reading(new FileKey(1, 2), ChunkList.EMPTY);

  private static Tries after(int count, long bytesEach) {
    Tries tries = Tries.FRESH;
    for (int number = 0; number < count; number++) {
      tries = tries.after(new Inspector.Result.Restless(1, bytesEach, Optional.empty()));
    }
    return tries;
  }

  @Test
  void aFileOfWhichNothingIsReadIsTriedFiftyTimes() {
    assertFalse(after(48, 0).isEnding());
    assertTrue(after(49, 0).isEnding());
    assertFalse(after(49, 0).isOver());
    assertTrue(after(50, 0).isOver());
  }

  @Test
  void whatIsReadInVainCostsPatienceTogether() {
    long bytes = 512 * 1024;

    assertFalse(after(33, bytes).isOver());
    assertTrue(after(34, bytes).isOver());
    assertEquals(34 * bytes, after(34, bytes).bytesRead());
    assertTrue(after(1, 60_000_000).isOver());
  }

  @Test
  void remembersTheLastReading() {
    Tries tries = Tries.FRESH.after(new Inspector.Result.Restless(1, 9, Optional.of(READING)));

    assertEquals(
        Optional.of(READING),
        tries.after(new Inspector.Result.Restless(1, 0, Optional.empty())).earlier());
  }
}
