package dev.replicator.cli.command;

import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.VerifyJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Count;
import java.util.ArrayList;
import java.util.List;

/** What reading all content again finds, root by root, as it is printed. */
final class VerifyResults {
  private static final long MILLIS_PER_SECOND = 1_000;

  private final Console console;
  private final boolean json;
  private final ConfigOption config;
  private final List<VerifyJson> roots = new ArrayList<>();

  VerifyResults(Console console, boolean json, ConfigOption config) {
    this.console = console;
    this.json = json;
    this.config = config;
  }

  void take(String line) {
    VerifyJson state = ControlJson.read(VerifyJson.class, line);
    if (!state.ended()) {
      console.progress(ProgressBar.text(state));
      return;
    }
    console.endProgress();
    roots.add(state);
    if (json) {
      console.line(line);
    } else {
      lines(state).stream().map(config::hinting).forEach(console::line);
    }
  }

  /** "3.2 GiB in 45.1 s, 72.7 MiB/s". */
  static String amount(VerifyJson state) {
    long perSecond = state.bytes() * MILLIS_PER_SECOND / Math.max(1, state.millis());
    return Text.bytes(state.bytes())
        + " in "
        + Text.millis(state.millis())
        + ", "
        + Text.bytes(perSecond)
        + "/s";
  }

  static List<String> lines(VerifyJson state) {
    List<String> lines = new ArrayList<>();
    if (!state.reason().isEmpty()) {
      lines.add(state.root() + ": could not be verified: " + state.reason());
    } else {
      lines.add(
          state.root()
              + ": "
              + Count.of(state.files(), "file")
              + " read again ("
              + amount(state)
              + "), "
              + (state.damaged() == 0 ? "none damaged" : damages(state)));
    }
    state.findings().forEach(finding -> lines.add("  " + line(finding)));
    long more = state.damaged() + state.unread() - state.findings().size();
    if (more > 0) {
      lines.add("  and " + more + " more: the log of the daemon names them");
    }
    if (state.changed() > 0) {
      lines.add(
          "  "
              + state.changed()
              + " not judged: they changed, which is taken in as ever, or by `replicator resync`");
    }
    if (state.left() > 0 && !state.dryRun()) {
      lines.add(
          "  what is not healed stays as it is, and is healed as soon as a peer that has it"
              + " connects");
    }
    return lines.stream().map(Text::printable).toList();
  }

  private static String damages(VerifyJson state) {
    return state.damaged()
        + " damaged"
        + (state.dryRun() ? ": nothing was changed" : ", " + state.healed() + " of them healed");
  }

  private static String line(VerifyJson.Finding finding) {
    String fate =
        switch (finding.fate()) {
          case "healed" -> "damaged and healed: ";
          case "not_healed" -> "DAMAGED, NOT HEALED: ";
          case "overwritten" -> "damaged, and overwritten since: ";
          case "missing" -> "MISSING: ";
          case "unread" -> "not read: ";
          default -> "DAMAGED: ";
        };
    String outcome = finding.outcome().isEmpty() ? "" : "; " + finding.outcome();
    return fate + finding.path() + " (" + finding.what() + ")" + outcome;
  }

  /** Of several roots the worst counts. */
  ExitCode code() {
    if (roots.stream().anyMatch(VerifyJson::refused)) {
      return ExitCode.REFUSED;
    }
    if (roots.isEmpty() || roots.stream().anyMatch(root -> !root.reason().isEmpty())) {
      return ExitCode.NOT_MET;
    }
    if (roots.stream().anyMatch(root -> root.left() > 0 && !root.dryRun())) {
      return ExitCode.PEER_OFFLINE;
    }
    boolean wrong = roots.stream().anyMatch(root -> root.damaged() + root.unread() > 0);
    return wrong ? ExitCode.NOT_MET : ExitCode.DONE;
  }
}
