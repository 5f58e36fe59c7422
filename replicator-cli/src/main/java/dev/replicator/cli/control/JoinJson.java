package dev.replicator.cli.control;

import io.avaje.jsonb.Json;
import java.util.List;

/**
 * What came of a join, or would come of it.
 *
 * @param calledThere what the inviter calls this node: its name, unless that is taken there
 * @param others the peers of the inviter that this node has learned of
 * @param counts of a dry run, one for each root on both sides
 * @param initialWithoutEffect roots that were replicated here before, where {@code --initial} asked
 *     for {@code mine} or {@code theirs}
 */
@Json
public record JoinJson(
    boolean dryRun,
    String calledThere,
    Peer inviter,
    List<Peer> others,
    List<String> rootsOnBoth,
    List<String> rootsMissingHere,
    List<String> rootsMissingThere,
    List<Counts> counts,
    List<String> initialWithoutEffect) {
  /** A node of the cluster; {@code address} is "" when it is not known. */
  @Json
  public record Peer(String name, String address, String key) {}

  /** How two trees compare. */
  @Json
  public record Counts(
      String root,
      long equal,
      long onlyHere,
      long onlyThere,
      long different,
      List<String> examples) {}
}
