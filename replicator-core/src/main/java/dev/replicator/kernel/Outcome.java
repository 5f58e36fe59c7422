package dev.replicator.kernel;

import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;

/** How the exchange of a path ended. */
public sealed interface Outcome {
  /** The target is in place. */
  record Placed(Stamp stamp, Target actual) implements Outcome {}

  /** The path is gone as asked. */
  record Removed() implements Outcome {}

  /** The path is gone as asked, and what was there is at another path now. */
  record MovedAway() implements Outcome {}

  /** The path did not hold what was expected; nothing was touched. */
  record Unexpected() implements Outcome {}

  /** Somebody here has what is to give way open for writing; nothing was touched. */
  record BeingWritten() implements Outcome {}

  /** The target replaced a local write, whose content is in the vault now. */
  record Overtaken(Stamp stamp, Target actual, Observation.Found displaced) implements Outcome {}

  /**
   * The target is in place, and somebody writes on to what it replaced, which waits in staging.
   * After a removal {@code actual} is Absent and {@code stamp} of no meaning.
   */
  record StillWritten(Stamp stamp, Target actual, String displaced) implements Outcome {}

  /** Nothing changed. */
  record Failed(Problem problem) implements Outcome {}

  /** Whether it is over and nothing was put: what was staged for it is of no more use. */
  default boolean cameToNothing() {
    return switch (this) {
      case Unexpected it -> true;
      case Failed it -> true;
      case Placed it -> false;
      case Removed it -> false;
      case MovedAway it -> false;
      case BeingWritten it -> false;
      case Overtaken it -> false;
      case StillWritten it -> false;
    };
  }
}
