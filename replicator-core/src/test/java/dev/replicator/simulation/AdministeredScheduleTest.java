package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeds from {@link Swarm#ADMINISTERED_SEEDS} on that once failed, and what is left of them. */
class AdministeredScheduleTest {
  /** What each of them was is in docs/SIMULATION.md. */
  @ParameterizedTest
  @ValueSource(longs = {17203771})
  void seedThatOnceFailedPasses(long seed) {
    assertTrue(RandomSchedule.run(seed).done() > 0);
  }

  /** What is left of 17203771. */
  @Test
  void syncThatBeganBeforeAPeerLostItsJournalVouchesForNothingOfTheNext() {
    Cut cut =
        Cut.parse(
            "CHANGED_PEERS,LOST_JOURNALS,PATH_BY_PATH,POWER_CUTS,REPEATED_EVENTS,"
                + "TICKING_CLOCKS,TINY_BOUNDS,TYPE_CHANGES,a0,a1,a10,a11,a12,a13,a14,a18,a19,"
                + "a2,a3,a4,a9,d0,d11,d12,d17,d19,d8,d9/0");
    new RandomSchedule(17203771, cut, false).go();
  }
}
