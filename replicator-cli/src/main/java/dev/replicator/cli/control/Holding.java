package dev.replicator.cli.control;

import dev.replicator.model.Count;
import dev.replicator.runtime.RootReport;

/** Why what is here is not what is elsewhere, though nothing is on its way. */
final class Holding {
  private Holding() {}

  /** In words, "" when nothing is held. A pause tells of none, so the state alone does not say. */
  static String why(RootReport report) {
    if (report.state() == RootReport.State.HELD) {
      return report.reason().isEmpty() ? "deletions are held" : report.reason();
    }
    if (report.standing().lost()) {
      return "the root directory is missing or another one";
    }
    return report.held() == 0
        ? ""
        : Count.of(report.held(), "deletion is", "deletions are")
            + " held until `replicator approve`";
  }
}
