package dev.replicator.cli.command;

import dev.replicator.cli.control.JoinJson;
import dev.replicator.cli.terminal.Text;
import java.util.ArrayList;
import java.util.List;

/** What came of a join, for people. */
final class JoinText {
  private JoinText() {}

  /** What to do now. */
  static String next(boolean dryRun, boolean running) {
    if (dryRun) {
      return "next: the same without --dry-run joins; --initial says which side shows what differs";
    }
    return running
        ? "next: `replicator status` shows how far the trees are"
        : "next: start the daemon with `systemctl start replicator` or `replicator daemon`;"
            + " `replicator status` then shows how far the trees are";
  }

  static List<String> lines(String own, JoinJson result) {
    List<String> lines = new ArrayList<>();
    String with = result.inviter().name() + " (" + result.inviter().address() + ")";
    lines.add((result.dryRun() ? "would join " : "joined ") + with);
    lines.add("  its key is " + result.inviter().key());
    for (JoinJson.Peer peer : result.others()) {
      String address = peer.address().isEmpty() ? "dials us" : peer.address();
      lines.add("  and " + peer.name() + " (" + address + ")");
    }
    if (!result.calledThere().equals(own)) {
      lines.add(
          "another node was called "
              + own
              + " first, so the others "
              + (result.dryRun() ? "would call this one " : "call this one ")
              + result.calledThere()
              + (result.dryRun()
                  ? "; give it another `name` under [node] before it joins"
                  : "; `replicator peer list` there says how to change that"));
    }
    lines.add(
        result.rootsOnBoth().isEmpty()
            ? "no root has the same name on both sides: nothing will be replicated"
            : "roots on both sides: " + String.join(", ", result.rootsOnBoth()));
    result
        .rootsMissingHere()
        .forEach(root ->
            lines.add(
                "  " + root + " is missing here: add a [[root]] with that name to replicate it"));
    result
        .rootsMissingThere()
        .forEach(root -> lines.add("  " + root + " is missing on " + result.inviter().name()));
    for (JoinJson.Counts counts : result.counts()) {
      lines.add(
          counts.root()
              + ": "
              + counts.equal()
              + " equal, "
              + counts.onlyHere()
              + " only here, "
              + counts.onlyThere()
              + " only there, "
              + counts.different()
              + " different");
      counts.examples().forEach(path -> lines.add("  different: " + path));
    }
    if (!result.initialWithoutEffect().isEmpty()) {
      lines.add(
          "--initial has no effect on what was replicated here before: "
              + String.join(", ", result.initialWithoutEffect()));
    }
    return lines.stream().map(Text::printable).toList();
  }
}
