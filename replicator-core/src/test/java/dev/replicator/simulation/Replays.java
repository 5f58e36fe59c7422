package dev.replicator.simulation;

import java.util.Optional;
import java.util.function.Consumer;

/** Runs seeds, and those that fail once more: what does not happen again cannot be mended. */
final class Replays {
  /** Of so many one is run twice more though it passed, and both traces must be the same. */
  private static final long REPLAYED_ONE_IN = 100;

  private final Consumer<SimulatedCluster> plant;

  /**
   * @param plant done to each cluster before it begins
   */
  Replays(Consumer<SimulatedCluster> plant) {
    this.plant = plant;
  }

  /**
   * What became of a seed.
   *
   * @param counts whether users did, and faults struck, as much as is asked for
   * @param failure with what the seed drew, and whether it fails again
   */
  record Ran(boolean counts, Optional<String> failure) {}

  Ran run(long seed) {
    RandomSchedule schedule = planted(seed, Boolean.getBoolean("simulation.trace"));
    Optional<String> failure = failure(schedule);
    Optional<String> found =
        failure.isPresent() || seed % REPLAYED_ONE_IN == 0
            ? replayed(seed, failure)
            : Optional.empty();
    return new Ran(
        schedule.counts(), found.map(text -> text + "\n  knobs: " + schedule.swarm().knobs()));
  }

  private Optional<String> replayed(long seed, Optional<String> failure) {
    String once = RandomSchedule.trace(planted(seed, true));
    String again = RandomSchedule.trace(planted(seed, true));
    String first = failure.orElse("seed " + seed + " passed");
    if (!once.equals(again)) {
      return Optional.of(first + "\n  and its traces differ: it is not the same each time");
    }
    if (failure.isEmpty()) {
      return Optional.empty();
    }
    boolean same = once.endsWith(failure.get());
    return Optional.of(first + (same ? "\n  again when replayed" : "\n  but not when replayed"));
  }

  private RandomSchedule planted(long seed, boolean tracing) {
    RandomSchedule schedule = new RandomSchedule(seed, tracing);
    plant.accept(schedule.cluster());
    return schedule;
  }

  private static Optional<String> failure(RandomSchedule schedule) {
    try {
      schedule.go();
      return Optional.empty();
    } catch (AssertionError failure) {
      return Optional.of(String.valueOf(failure.getMessage()));
    }
  }
}
