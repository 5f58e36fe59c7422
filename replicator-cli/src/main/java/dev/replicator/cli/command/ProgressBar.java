package dev.replicator.cli.command;

import dev.replicator.cli.control.ResyncJson;

/** How far a comparison is, in one line. */
final class ProgressBar {
  private static final int WIDTH = 30;

  private ProgressBar() {}

  static String text(ResyncJson state) {
    long total = Math.max(state.totalLocally(), state.checkedLocally());
    int filled = total == 0 ? 0 : (int) (state.checkedLocally() * WIDTH / total);
    return state.root()
        + " ["
        + "#".repeat(filled)
        + "-".repeat(WIDTH - filled)
        + "] "
        + state.checkedLocally()
        + "/"
        + total
        + " here, "
        + state.comparedWithPeers()
        + " with peers, "
        + state.differingWithPeers()
        + " differ";
  }
}
