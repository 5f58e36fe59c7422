package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.ConflictJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.VersionJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Chooses one version for all nodes. */
@Command(
    name = "resolve",
    description = "Choose the version that all nodes show; the others go to the vault.",
    footer = {
      "",
      "VERSION is one of those that `conflicts show` prints; --shown keeps what shows now. A"
          + " version",
      "that arrives meanwhile is not touched: it stays a conflict.",
      "",
      "Examples:",
      "  replicator conflicts resolve wp-content:a.php 3f2a9c1d5e6b7081:42",
      "  replicator conflicts resolve wp-content:a.php --shown",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the path has no conflict, or no such version",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class ConflictsResolveCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      paramLabel = "PATH",
      description = "Absolute, relative to here, or ROOT:path.")
  private String path = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "As `conflicts show` prints it, REPLICA:COUNTER.")
  private @Nullable String version;

  @Option(names = "--shown", description = "Keep the version that shows now.")
  private boolean shown;

  ConflictsResolveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    if (shown == (version != null)) {
      throw new Failure(ExitCode.USAGE, "give either a VERSION or --shown");
    }
    Configuration configuration = config.loadToAsk();
    RootPath where = RootPath.resolve(configuration, path, Path.of("").toAbsolutePath());
    DaemonClient daemon = new DaemonClient(configuration.node().socket());
    ConflictJson conflict = ConflictsShowCommand.find(daemon, where);
    List<String> printed = conflict.versions().stream().map(VersionJson::version).toList();
    String chosen = version == null ? printed.getFirst() : version;
    if (!printed.contains(chosen)) {
      throw new Failure(
          ExitCode.NOT_MET,
          where
              + " has no version "
              + Text.printable(chosen)
              + "; it has "
              + printed.stream().collect(Collectors.joining(", ")));
    }
    Map<String, byte[]> parameters = new TreeMap<>(where.parameters());
    parameters.put("version", Arguments.encode(chosen));
    parameters.put("printed", Arguments.encode(String.join(",", printed)));
    Answers.print(console, daemon.post("/v1/resolve", parameters));
    return 0;
  }
}
