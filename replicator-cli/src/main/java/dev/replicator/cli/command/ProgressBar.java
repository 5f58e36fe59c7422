package dev.replicator.cli.command;

import dev.replicator.block.Progress;
import dev.replicator.cli.control.ResyncJson;
import dev.replicator.cli.control.VerifyJson;
import java.util.Optional;

/** How far something is, in one line. */
final class ProgressBar {
  private static final int WIDTH = 30;

  private ProgressBar() {}

  /** "waiting for the sync: 40 %" with a bar before it, where it is known how far that is. */
  static String text(String what, Optional<Progress> progress) {
    return progress
        .map(done -> bar(done.percent() * WIDTH / 100) + " " + what + ": " + done.percent() + " %")
        .orElse(what);
  }

  private static String bar(int filled) {
    return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "]";
  }

  static String text(VerifyJson state) {
    return state.root()
        + " "
        + bar(
            state.total() == 0 ? 0 : (int) Math.min(WIDTH, state.checked() * WIDTH / state.total()))
        + " "
        + state.checked()
        + "/"
        + state.total()
        + ", "
        + VerifyResults.amount(state)
        + ", "
        + state.damaged()
        + " damaged";
  }

  static String text(ResyncJson state) {
    long total = Math.max(state.totalLocally(), state.checkedLocally());
    int filled = total == 0 ? 0 : (int) (state.checkedLocally() * WIDTH / total);
    return state.root()
        + " "
        + bar(filled)
        + " "
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
