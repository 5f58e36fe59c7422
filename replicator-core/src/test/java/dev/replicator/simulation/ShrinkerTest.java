package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.simulation.Shrinker.Shrunk;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A failing seed becomes a list that somebody can read. */
class ShrinkerTest {
  private static final int SEEDS = 300;

  /** Some need much of what is around them; which ones is chance. */
  private static final int SEEDS_SHRUNK = 4;

  private static void blind(SimulatedCluster cluster) {
    cluster.nodes().forEach(node -> node.disk.blind = true);
  }

  private static Shrunk shrunk(long seed) {
    return Shrinker.shrink(seed, ShrinkerTest::blind).orElseThrow();
  }

  /** An exchange that does not look at what it replaces loses what was written meanwhile. */
  @Test
  void lossThatWasPlantedIsShownInFewSteps() {
    long seed =
        LongStream.range(Swarm.SEEDS, Swarm.SEEDS + SEEDS)
            .filter(each ->
                Shrinker.failure(each, Cut.NOTHING, ShrinkerTest::blind)
                    .filter(text -> text.contains("lost: "))
                    .isPresent())
            .limit(SEEDS_SHRUNK)
            .boxed()
            .min(Comparator.comparingInt(each -> shrunk(each).cut().kept().size()))
            .orElseThrow();
    Shrunk shrunk = shrunk(seed);
    assertTrue(shrunk.cut().kept().size() <= 6, shrunk::toString);
    assertTrue(shrunk.failure().contains("lost: "), shrunk::toString);
    Cut again = Cut.parse(shrunk.cut().text());
    assertEquals(Optional.of(shrunk.failure()), Shrinker.failure(seed, again, ShrinkerTest::blind));
    assertEquals(Optional.empty(), Shrinker.failure(seed, again, cluster -> {}));
  }

  @Test
  void seedThatDoesNotFailIsNotShrunk() {
    assertEquals(Optional.empty(), Shrinker.shrink(Swarm.SEEDS, cluster -> {}));
  }

  @Test
  @EnabledIfSystemProperty(named = "simulation.shrink", matches = "\\d+")
  void oneSeedIsShrunk() {
    Optional<Shrunk> shrunk = Shrinker.shrink(Long.getLong("simulation.shrink"), cluster -> {});
    System.out.println(shrunk.map(Shrunk::toString).orElse("it does not fail"));
  }
}
