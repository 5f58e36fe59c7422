package dev.replicator.cli.command;

import dev.replicator.cli.control.ConflictJson;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.StatusJson;
import dev.replicator.cli.control.VersionJson;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Count;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists paths with versions that do not show. */
@Command(
    name = "list",
    description = "List paths with versions that do not show.",
    footer = {
      "",
      "SHOWN and WRITTEN are of the version that shows; `conflicts show PATH` has all of them.",
      "",
      "Examples:",
      "  replicator conflicts list",
      "  replicator conflicts list --adopted    what lost when two trees met first",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:listed, also when there are none",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class ConflictsListCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--adopted", description = "What was found and lost when two trees first met.")
  private boolean adopted;

  ConflictsListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    Map<String, byte[]> parameters = new TreeMap<>();
    if (adopted) {
      parameters.put("adopted", "true".getBytes(StandardCharsets.UTF_8));
    }
    DaemonClient daemon = config.daemon();
    String body = daemon.get("/v1/conflicts", parameters);
    if (json) {
      console.line(body);
      return 0;
    }
    List<ConflictJson> conflicts = ControlJson.readList(ConflictJson.class, body);
    console.lines(lines(conflicts));
    if (conflicts.isEmpty() && !adopted) {
      hint(daemon);
    }
    return 0;
  }

  private void hint(DaemonClient daemon) throws Failure {
    String status = daemon.get("/v1/status", Map.of());
    long losers =
        ControlJson.read(StatusJson.class, status).roots().stream()
            .mapToLong(StatusJson.Root::adoptedLosers)
            .sum();
    if (losers > 0) {
      console.line(
          config.hinting(
              Count.of(losers, "path has", "paths have")
                  + " a version that lost when two trees first met:"
                  + " `replicator conflicts list --adopted`"));
    }
  }

  static List<String> lines(List<ConflictJson> conflicts) {
    if (conflicts.isEmpty()) {
      return List.of("no conflicts");
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("PATH", "VERSIONS", "SHOWN", "WRITTEN"));
    for (ConflictJson conflict : conflicts) {
      VersionJson shown = conflict.versions().getFirst();
      rows.add(
          List.of(
              Text.printable(conflict.root() + ":" + conflict.path()),
              Integer.toString(conflict.versions().size()),
              shown.version(),
              shown.writtenAt()));
    }
    return Text.table(rows);
  }
}
