package dev.replicator.simulation;

import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.Optional;

/**
 * What a scenario does to a tree from outside: users at the worst moment, and faults of the disk.
 */
public interface Interference {
  Interference NONE = new Interference() {};

  /** The steps of a tree before which somebody may write, or which may fail. */
  enum Step {
    LOOK,
    LIST,
    READ,
    STAGE,
    SEAL,
    EXCHANGE,
    /** One member of a directory is moved into it while that waits in staging. */
    ARRIVE,
    /** Between the last check of an exchange and its change: faults are not asked for. */
    WINDOW,
    /** Between the change of an exchange and its answer: faults are not asked for. */
    CHANGED,
    SETTLE,
    RELEASE,
    DISCARD,
    SYNC
  }

  /**
   * Somebody else's turn.
   *
   * @param path the root where a step has none
   */
  default void before(Step step, RelativePath path) {}

  /** Why the step fails, empty when it does not. */
  default Optional<Problem> fault(Step step, RelativePath path) {
    return Optional.empty();
  }
}
