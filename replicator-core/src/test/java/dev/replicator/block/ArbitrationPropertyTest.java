package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.replicator.model.FenceAnswer.Verdict;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes of DRBD, their arbiter and everything between them, in random order: cuts, crashes, a
 * sync whose end one side sees first, words and answers that are lost, late or doubled, and an
 * arbiter that is killed between remembering and answering.
 */
final class ArbitrationPropertyTest {
  private static final int STEPS = 600;
  private static final int SEEDS = 1_000;

  /**
   * @param disksFail whether a disk may fail and come back as if nothing had been; the asking node
   *     then has to know what it saw since it started, otherwise the arbiter does without that
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void neverLetsBothGoOnNorOneFromOldDataNorLocksAWholePairOut(boolean disksFail) throws Exception {
    int grants = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      PairWorld world = run(seed, disksFail, false);
      if (world.violation().isPresent()) {
        fail("seed " + seed + ": " + run(seed, disksFail, true).violation().orElseThrow());
      }
      grants += world.grants();
      world.comeTogether();
      int first = seed % 2;
      assertEquals(Verdict.GRANTED, world.cutAndAsk(first), "locked out, seed " + seed);
      assertEquals(Verdict.REFUSED, world.ask(1 - first), "seed " + seed);
      assertEquals(Optional.empty(), world.violation(), "seed " + seed);
    }
    assertTrue(grants > SEEDS / 4, "hardly anything was granted: " + grants);
  }

  private static PairWorld run(int seed, boolean disksFail, boolean traced)
      throws UnreadableException {
    PairWorld world = new PairWorld(new Random(seed), disksFail, traced);
    for (int step = 0; step < STEPS && world.violation().isEmpty(); step++) {
      world.step();
    }
    return world;
  }
}
