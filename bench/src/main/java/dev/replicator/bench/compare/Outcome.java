package dev.replicator.bench.compare;

import java.util.List;

/** What became of one workload with one tool. */
sealed interface Outcome {
  /** The trees were equal at the end. */
  record Measured(List<Measure> measures) implements Outcome {}

  /** It did not do what it was asked; there is no figure then. */
  record Failed(String reason) implements Outcome {}

  /** The tool is not on this machine. */
  record Missing(String debianPackage) implements Outcome {}

  /** The time that was given was over before. */
  record NotRun() implements Outcome {}

  /** The tool is not made for that. */
  record Unsuited(String reason) implements Outcome {}
}
