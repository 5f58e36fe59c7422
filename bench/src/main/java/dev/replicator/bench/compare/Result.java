package dev.replicator.bench.compare;

import java.util.Optional;

/** The outcome of one workload with one tool, by their names. */
record Result(String workload, String tool, Outcome outcome) {
  /** The figure called {@code measure}, when there is one. */
  Optional<Measure> measure(String measure) {
    return switch (outcome) {
      case Outcome.Measured measured ->
          measured.measures().stream().filter(m -> m.name().equals(measure)).findFirst();
      case Outcome.Failed _, Outcome.Missing _, Outcome.NotRun _, Outcome.Unsuited _ ->
          Optional.empty();
    };
  }
}
