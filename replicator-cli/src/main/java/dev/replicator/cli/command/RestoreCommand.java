package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Dot;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes an earlier version back as a new change. */
@Command(
    name = "restore",
    description = "Write an earlier version of a path back, as a new change on all nodes.",
    footer = {
      "",
      "Example:",
      "  replicator restore wp-content:uploads/photo.jpg@3f2a9c1d5e6b7081:42",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:there is no such version, or its content is not here",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration"
    })
final class RestoreCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      paramLabel = "PATH@VERSION",
      description = {
        "A path and one of the versions that `replicator history` prints.",
        Arguments.PATH_FORMS
      })
  private String target = "";

  RestoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    int at = target.lastIndexOf('@');
    if (at < 1) {
      throw new Failure(ExitCode.USAGE, "write PATH@VERSION; `replicator history` lists versions");
    }
    if (at == target.length() - 1) {
      throw new Failure(
          ExitCode.USAGE,
          "no version after the @; `replicator history "
              + Text.printable(target.substring(0, at))
              + "` lists them");
    }
    Dot version = Options.parsed("VERSION", target.substring(at + 1), Dot::parse);
    Configuration configuration = config.loadToAsk();
    RootPath where =
        RootPath.resolve(configuration, target.substring(0, at), Path.of("").toAbsolutePath());
    Map<String, byte[]> parameters = new TreeMap<>(where.parameters());
    parameters.put("version", Arguments.encode(version.toString()));
    DaemonClient daemon = new DaemonClient(configuration.node().socket());
    Answers.print(console, daemon.post("/v1/restore", parameters));
    return 0;
  }
}
