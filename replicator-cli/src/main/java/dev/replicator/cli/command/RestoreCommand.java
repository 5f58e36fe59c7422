package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.RestoredJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Count;
import dev.replicator.model.Dot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes an earlier version back as a new change. */
@Command(
    name = "restore",
    description = {
      "Write an earlier version of a path back, as a new change on all nodes; with --deleted, the"
          + " last version of every file that was deleted below a directory.",
    },
    footer = {
      "",
      "--deleted restores what `replicator history --deleted` lists, with the directories above",
      "it, and replaces nothing: a path where something else is now is left as it is, and counted.",
      "A node keeps what it takes from its paths for changes of others, so call it on a node where",
      "the files were not deleted by hand. Symbolic links and empty directories do not come back.",
      "A directory comes back with mode 0755 and the daemon's user as its owner once all nodes",
      "know that it was deleted: set both again. The old name of a file that was renamed comes",
      "back too. Ctrl-C ends it; what was restored stays so, and it may be called again.",
      "",
      "Examples:",
      "  replicator restore wp-content:uploads/photo.jpg@3f2a9c1d5e6b7081:42",
      "  replicator restore --deleted wp-content:uploads/2025 --dry-run",
      "  replicator restore --deleted wp-content:uploads/2025 --since 2h",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; with --deleted: all that was deleted is there again, or would be",
      "1:there is no such version, or its content cannot be had; with --deleted: not all could be"
          + " restored, or there was nothing to restore",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class RestoreCommand implements Callable<Integer> {
  private static final Duration MOST = Duration.ofDays(30);

  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      paramLabel = "PATH@VERSION",
      description = {
        "A path and one of the versions that `replicator history` prints; with --deleted, a"
            + " directory alone, and ROOT: is all of a root.",
        Arguments.PATH_FORMS
      })
  private String target = "";

  @Option(names = "--deleted", description = "Restore what was deleted below a directory.")
  private boolean deleted;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "With --deleted: only what left since then. " + Since.FORMS)
  private @Nullable String since;

  @Option(names = "--dry-run", description = "With --deleted: only count it.")
  private boolean dryRun;

  RestoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    if (deleted) {
      return restoreDeleted().number();
    }
    if (since != null || dryRun) {
      throw new Failure(ExitCode.USAGE, "--since and --dry-run go with --deleted");
    }
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

  private ExitCode restoreDeleted() throws Failure {
    Map<String, byte[]> parameters = Since.parameters(since);
    Configuration configuration = config.loadToAsk();
    RootPath where = RootPath.resolve(configuration, target, Path.of("").toAbsolutePath());
    parameters.putAll(where.parameters());
    parameters.put("dryRun", Arguments.encode(Boolean.toString(dryRun)));
    List<RestoredJson> ends = new ArrayList<>();
    new DaemonClient(configuration.node().socket())
        .lines("/v1/restore-deleted", parameters, MOST, line -> take(line, where, ends));
    console.endProgress();
    return ends.isEmpty() ? ExitCode.NOT_MET : DeletedLines.code(ends.getLast());
  }

  private void take(String line, RootPath where, List<RestoredJson> ends) {
    RestoredJson state = ControlJson.read(RestoredJson.class, line);
    if (!state.ended()) {
      console.progress(where + ": " + Count.of(state.restored(), "file") + " so far");
      return;
    }
    console.endProgress();
    ends.add(state);
    DeletedLines.restored(state, where.toString()).stream()
        .map(config::hinting)
        .forEach(console::line);
  }
}
