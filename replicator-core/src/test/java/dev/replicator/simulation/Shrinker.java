package dev.replicator.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Brings a failing seed to a short list of what has to happen for it to fail: halves, quarters and
 * at last single parts are left out, as long as the rest still fails in the same way.
 */
final class Shrinker {
  /** Without a part messages take other times: each rest is tried with so many. */
  private static final long SALTS = 4;

  private static final int RUNS_MAX = 4_000;

  private final long seed;
  private final Consumer<SimulatedCluster> plant;
  private final String kind;
  private int runs;
  private Cut best = Cut.NOTHING;

  /**
   * A short schedule that fails.
   *
   * @param failure what it fails with
   * @param steps all that happens to its cluster, with the milliseconds
   */
  record Shrunk(long seed, Cut cut, int runs, String failure, List<String> steps) {
    @Override
    public String toString() {
      return "%s%n%nafter %d runs: %s%nreplay: -Dsimulation.seed=%d -Dsimulation.keep=%s"
          .formatted(String.join("\n", steps), runs, failure, seed, cut.text());
    }
  }

  private Shrinker(long seed, Consumer<SimulatedCluster> plant, String kind) {
    this.seed = seed;
    this.plant = plant;
    this.kind = kind;
  }

  /** Empty when {@code seed} does not fail at all. */
  static Optional<Shrunk> shrink(long seed, Consumer<SimulatedCluster> plant) {
    return failure(seed, Cut.NOTHING, plant)
        .map(failure -> new Shrinker(seed, plant, kind(failure)).shrink());
  }

  private Shrunk shrink() {
    List<String> parts = Cut.parts(Swarm.of(seed));
    boolean shrank = true;
    while (shrank && runs < RUNS_MAX) {
      int before = parts.size();
      for (int size = Math.max(1, parts.size() / 2); size >= 1; size /= 2) {
        parts = withoutBlocksOf(size, parts);
      }
      shrank = parts.size() < before;
    }
    RandomSchedule last = new RandomSchedule(seed, best, true);
    String failure = failure(last, plant).orElseThrow();
    return new Shrunk(seed, best, runs, failure, last.cluster().notes());
  }

  private List<String> withoutBlocksOf(int size, List<String> parts) {
    List<String> left = parts;
    for (int from = 0; from < left.size() && runs < RUNS_MAX; ) {
      List<String> fewer = new ArrayList<>(left);
      fewer.subList(from, Math.min(from + size, left.size())).clear();
      if (fails(fewer)) {
        left = fewer;
      } else {
        from += size;
      }
    }
    return left;
  }

  private boolean fails(List<String> parts) {
    for (long turn = 0; turn < SALTS; turn++) {
      Cut cut = Cut.to(parts, best.salt() + turn);
      runs++;
      if (failure(seed, cut, plant).map(Shrinker::kind).equals(Optional.of(kind))) {
        best = cut;
        return true;
      }
    }
    return false;
  }

  static Optional<String> failure(long seed, Cut cut, Consumer<SimulatedCluster> plant) {
    return failure(new RandomSchedule(seed, cut, false), plant);
  }

  private static Optional<String> failure(
      RandomSchedule schedule, Consumer<SimulatedCluster> plant) {
    plant.accept(schedule.cluster());
    try {
      schedule.go();
      return Optional.empty();
    } catch (AssertionError failure) {
      return Optional.of(String.valueOf(failure.getMessage()));
    }
  }

  /** Its words up to the first name or number: another loss is a loss, and no divergence. */
  private static String kind(String failure) {
    String told = failure.replaceFirst("simulation seed \\d+: ", "");
    return told.replaceFirst("^n\\d+ ", "").split("[^a-z ]", 2)[0];
  }
}
