package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.DeletedJson;
import dev.replicator.cli.control.HistoryJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.model.Limits;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the versions of a path that can be had back. */
@Command(
    name = "history",
    description = {
      "List the versions of a path that can be restored, the latest first; with --deleted, the"
          + " files below it that were deleted and are not there now, by path.",
    },
    footer = {
      "",
      "A node keeps what it takes from its paths for changes of others: what was deleted on",
      "this node itself its peers have, and list. Of that an earlier version may be here; then",
      "HERE says so, and nobody knows here when it was deleted. DELETED is when the file left",
      "this node. The old name of a file that was renamed counts as deleted. Symbolic links and",
      "directories are in no history. At most "
          + Limits.DELETED_ANSWERED_MAX
          + " files are listed.",
      "",
      "Examples:",
      "  replicator history wp-content:uploads/2025/11/photo.jpg",
      "  replicator history --deleted wp-content:uploads/2025",
      "  replicator history --deleted wp-content: --since 2h --json",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:listed, also when there are none",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class HistoryCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(index = "0", paramLabel = "PATH", description = Arguments.PATH_FORMS)
  private String path = "";

  @Option(
      names = "--deleted",
      description = "List what was deleted below PATH, a directory; ROOT: is all of a root.")
  private boolean deleted;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "With --deleted: only what left since then. " + Since.FORMS)
  private @Nullable String since;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  HistoryCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    if (!deleted && since != null) {
      throw new Failure(ExitCode.USAGE, "--since goes with --deleted");
    }
    Map<String, byte[]> parameters = Since.parameters(since);
    Configuration configuration = config.loadToAsk();
    RootPath where = RootPath.resolve(configuration, path, Path.of("").toAbsolutePath());
    parameters.putAll(where.parameters());
    DaemonClient daemon = new DaemonClient(configuration.node().socket());
    return deleted ? listDeleted(daemon, where, parameters) : list(daemon, where);
  }

  private int listDeleted(DaemonClient daemon, RootPath where, Map<String, byte[]> parameters)
      throws Failure {
    String body = daemon.get("/v1/deleted", parameters);
    if (json) {
      console.line(body);
      return 0;
    }
    DeletedJson answer = ControlJson.read(DeletedJson.class, body);
    DeletedLines.listed(answer, where.toString()).stream()
        .map(config::hinting)
        .forEach(console::line);
    return 0;
  }

  private int list(DaemonClient daemon, RootPath where) throws Failure {
    String body = daemon.get("/v1/history", where.parameters());
    if (json) {
      console.line(body);
      return 0;
    }
    HistoryJson history = ControlJson.read(HistoryJson.class, body);
    if (history.versions().isEmpty()) {
      console.line(
          where
              + " has no earlier versions here; peers keep what somebody wrote over on this node");
      return 0;
    }
    console.lines(VersionTable.lines(history.versions()));
    console.line(config.hinting("have one back: `replicator restore " + where + "@VERSION`"));
    return 0;
  }
}
