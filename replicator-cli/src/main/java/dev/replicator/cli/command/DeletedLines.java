package dev.replicator.cli.command;

import dev.replicator.cli.control.DeletedJson;
import dev.replicator.cli.control.RestoredJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Count;
import java.util.ArrayList;
import java.util.List;

/** What was deleted below a directory, and what came of restoring it, as it is printed. */
final class DeletedLines {
  private DeletedLines() {}

  /**
   * @param where in the form that commands take
   */
  static List<String> listed(DeletedJson deleted, String where) {
    if (deleted.files().isEmpty()) {
      return List.of(nothing(where));
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("DELETED", "VERSION", "SIZE", "HERE", "PATH"));
    for (DeletedJson.Gone file : deleted.files()) {
      rows.add(
          List.of(
              file.last() ? file.leftAt() : "not known",
              file.version(),
              Text.bytes(file.size()),
              here(file),
              file.path()));
    }
    List<String> lines = new ArrayList<>(Text.table(rows));
    if (!deleted.complete()) {
      lines.add(
          "and more: these are the first "
              + deleted.files().size()
              + " by path; name a directory below, or narrow it with --since");
    }
    lines.add(
        "have all of them back: `replicator restore --deleted "
            + where
            + "`; with --dry-run it counts them");
    return lines.stream().map(Text::printable).toList();
  }

  private static String here(DeletedJson.Gone file) {
    if (!file.last()) {
      return "an earlier one";
    }
    return file.availableHere() ? "yes" : "no";
  }

  private static String nothing(String where) {
    return Text.printable(where)
        + ": nothing below it that this node kept is gone; what was deleted on this node itself is"
        + " kept by its peers: ask there";
  }

  static List<String> restored(RestoredJson state, String where) {
    if (!state.reason().isEmpty()) {
      return List.of(
          Text.printable(where + ": ended after " + files(state) + ": " + state.reason()));
    }
    if (state.restored() + state.back() + state.occupied() + state.failed() == 0) {
      return List.of(nothing(where));
    }
    List<String> lines = new ArrayList<>();
    lines.add(where + ": " + files(state));
    if (state.back() > 0) {
      lines.add("  " + Count.of(state.back(), "file holds", "files hold") + " that already");
    }
    if (state.occupied() > 0) {
      lines.add("  " + state.occupied() + " not restored: something else is there now, and stays");
    }
    if (state.failed() > 0) {
      lines.add("  " + state.failed() + (state.dryRun() ? " not to be had here" : " not restored"));
    }
    state.left().forEach(left -> lines.add("    " + left.path() + ": " + left.why()));
    long more = state.occupied() + state.failed() - state.left().size();
    if (more > 0) {
      lines.add("    and " + more + " more");
    }
    if (state.restored() > 0 && !state.dryRun()) {
      lines.add("`replicator wait` ends once they are on all nodes");
    }
    return lines.stream().map(Text::printable).toList();
  }

  private static String files(RestoredJson state) {
    return Count.of(state.restored(), "file")
        + (state.dryRun() ? " would be restored (" : " restored (")
        + Text.bytes(state.bytes())
        + ")";
  }

  /** Done only when all that was deleted is there. */
  static ExitCode code(RestoredJson state) {
    boolean whole = state.reason().isEmpty() && state.occupied() + state.failed() == 0;
    return whole && state.restored() + state.back() > 0 ? ExitCode.DONE : ExitCode.NOT_MET;
  }
}
