package dev.replicator.kernel;

import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.Map;

/** How a directory was put as a whole. */
public sealed interface GroupOutcome {
  /**
   * It is there with all of its members.
   *
   * @param members what they were before anybody else could reach them
   */
  record Placed(Map<RelativePath, Outcome.Placed> members) implements GroupOutcome {}

  /** Nothing was shown, and nothing waits in staging any more. */
  record NotPlaced(Problem problem) implements GroupOutcome {}
}
