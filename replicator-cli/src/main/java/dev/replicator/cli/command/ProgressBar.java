package dev.replicator.cli.command;

import dev.replicator.cli.control.ResyncJson;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far a comparison is, in one line. */
final class ProgressBar {
  private static final int WIDTH = 30;

  private static final Pattern PERCENT = Pattern.compile(": (100|[0-9]{1,2}) %$");

  private ProgressBar() {}

  /** "waiting for the sync: 40 %" with a bar before it. */
  static String text(String told) {
    Matcher percent = PERCENT.matcher(told);
    if (!percent.find()) {
      return told;
    }
    int filled = Integer.parseInt(percent.group(1)) * WIDTH / 100;
    return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "] " + told;
  }

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
