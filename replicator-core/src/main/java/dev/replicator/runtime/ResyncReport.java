package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import java.util.List;

/**
 * Counts of a full comparison.
 *
 * @param checkedLocally paths compared between disk and journal, of {@code totalLocally}
 * @param repairedLocally those that differed and were taken in
 * @param comparedWithPeers records compared with peers, summed over peers
 * @param differingWithPeers those that differed and were exchanged
 * @param pending paths still waiting for content or disk
 * @param examples the first differing paths
 */
public record ResyncReport(
    boolean ended,
    long checkedLocally,
    long totalLocally,
    long repairedLocally,
    long comparedWithPeers,
    long differingWithPeers,
    int peersCompared,
    long pending,
    List<RelativePath> examples) {
  /**
   * What is asked for.
   *
   * @param dryRun only counts
   * @param sinceStart counts what was taken in and exchanged since the root started, too: an engine
   *     that runs for this alone repairs most of it before it is asked
   */
  public record Order(boolean dryRun, boolean sinceStart) {}
}
