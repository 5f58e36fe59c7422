package dev.replicator.bench.compare;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All that one run found. */
record Comparison(
    Environment environment,
    Size size,
    List<Described> workloads,
    List<Installed> tools,
    List<Result> results) {

  /** A workload in words. */
  record Described(String name, String meaning, String link) {
    static Described of(Workload workload, Size size) {
      return new Described(workload.name(), workload.meaning(size), workload.link().meaning());
    }
  }

  /** A tool, its version and how it was tuned. */
  record Installed(String name, Optional<String> version, String debianPackage, String settings) {}

  Optional<Result> result(String workload, String tool) {
    return results.stream()
        .filter(result -> result.workload().equals(workload) && result.tool().equals(tool))
        .findFirst();
  }

  Optional<Measure> measure(String workload, String tool, String measure) {
    return result(workload, tool).flatMap(result -> result.measure(measure));
  }

  /** What was measured in a workload, by any tool, in order. */
  List<String> measures(String workload) {
    Set<String> names = new LinkedHashSet<>();
    for (Result result : results) {
      if (result.workload().equals(workload)
          && result.outcome() instanceof Outcome.Measured measured) {
        measured.measures().forEach(measure -> names.add(measure.name()));
      }
    }
    return List.copyOf(names);
  }

  /** How many times ours a tool's figure is; empty where that says nothing. */
  Optional<Double> ratio(String workload, String tool, String measure) {
    Optional<Measure> theirs = measure(workload, tool, measure);
    Optional<Measure> ours = measure(workload, ReplicatorTool.NAME, measure);
    return theirs
        .filter(figure -> figure.unit().isCompared() && figure.value() > 0)
        .flatMap(_ -> ours)
        .filter(figure -> figure.value() > 0)
        .flatMap(figure -> theirs.map(other -> other.value() / figure.value()));
  }

  /** Whether nothing failed. */
  boolean isSound() {
    return results.stream().noneMatch(result -> result.outcome() instanceof Outcome.Failed);
  }
}
