package dev.replicator.cli.control;

import dev.replicator.runtime.ResyncReport;
import io.avaje.jsonb.Json;
import java.util.List;

/**
 * Counts of a full comparison as they grow, the last line with {@code ended}.
 *
 * @param missing the peers that are not connected now, and why
 * @param held why what was compared is not what shows everywhere: deletions are held, or the root
 *     is lost; "" when neither is so
 * @param reason why it ended without an answer, "" otherwise
 */
@Json
public record ResyncJson(
    boolean ended,
    String root,
    boolean dryRun,
    long checkedLocally,
    long totalLocally,
    long repairedLocally,
    long comparedWithPeers,
    long differingWithPeers,
    int peersCompared,
    int peersConfigured,
    long pending,
    List<String> examples,
    List<String> missing,
    String held,
    String reason) {
  static ResyncJson of(String root, boolean dryRun, int peersConfigured, ResyncReport report) {
    return new ResyncJson(
        report.ended(),
        root,
        dryRun,
        report.checkedLocally(),
        report.totalLocally(),
        report.repairedLocally(),
        report.comparedWithPeers(),
        report.differingWithPeers(),
        report.peersCompared(),
        peersConfigured,
        report.pending(),
        report.examples().stream().map(RelativePathJson::text).toList(),
        List.of(),
        "",
        "");
  }

  /** The same with those who could not be compared with, if any could not, and what is held. */
  ResyncJson ended(List<String> peers, String nowHeld) {
    return new ResyncJson(
        ended,
        root,
        dryRun,
        checkedLocally,
        totalLocally,
        repairedLocally,
        comparedWithPeers,
        differingWithPeers,
        peersCompared,
        peersConfigured,
        pending,
        examples,
        peersCompared < peersConfigured ? peers : List.of(),
        nowHeld,
        reason);
  }

  static ResyncJson failed(String root, boolean dryRun, int peersConfigured, String reason) {
    return new ResyncJson(
        true, root, dryRun, 0, 0, 0, 0, 0, 0, peersConfigured, 0, List.of(), List.of(), "", reason);
  }
}
