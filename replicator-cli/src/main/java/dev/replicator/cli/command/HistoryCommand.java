package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.HistoryJson;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the versions of a path that can be had back. */
@Command(
    name = "history",
    description = "List the versions of a path that can be restored, the latest first.",
    footer = {"", "Example:", "  replicator history wp-content:uploads/2025/11/photo.jpg"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:listed, also when there are none",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration"
    })
final class HistoryCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(index = "0", paramLabel = "PATH", description = Arguments.PATH_FORMS)
  private String path = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  HistoryCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    Configuration configuration = config.loadToAsk();
    RootPath where = RootPath.resolve(configuration, path, Path.of("").toAbsolutePath());
    String body =
        new DaemonClient(configuration.node().socket()).get("/v1/history", where.parameters());
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
