package dev.replicator.kernel;

import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How a directory was put as a whole. */
public sealed interface GroupOutcome {
  /**
   * It is there with all of its members.
   *
   * @param members how each of them ended; what they were before anybody else could reach them
   */
  record Placed(Map<RelativePath, Outcome> members) implements GroupOutcome {
    /** The local writes that they replaced. */
    public List<Observation.Found> displaced() {
      return members.values().stream().flatMap(Placed::displaced).toList();
    }

    private static Stream<Observation.Found> displaced(Outcome outcome) {
      return outcome instanceof Outcome.Overtaken overtaken
          ? Stream.of(overtaken.displaced())
          : Stream.empty();
    }
  }

  /** Nothing was shown, and nothing waits in staging any more. */
  record NotPlaced(Problem problem) implements GroupOutcome {}
}
