package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.ExplainJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells everything that is known of one path. */
@Command(
    name = "explain",
    description = "Tell what is known of one path: rules, versions, disk, peers, next try.",
    footer = {"", "Example:", "  replicator explain uploads/2025/11/photo.jpg"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:told",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class ExplainCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(index = "0", paramLabel = "PATH", description = Arguments.PATH_FORMS)
  private String path = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    Configuration configuration = config.loadToAsk();
    RootPath where = RootPath.resolve(configuration, path, Path.of("").toAbsolutePath());
    if (where.path().isRoot()) {
      throw new Failure(
          ExitCode.USAGE,
          "nobody writes the directory of root "
              + where.root().name()
              + " itself; name a path in it, or see `replicator status`");
    }
    String body =
        new DaemonClient(configuration.node().socket()).get("/v1/explain", where.parameters());
    if (json) {
      console.line(body);
    } else {
      lines(ControlJson.read(ExplainJson.class, body)).stream()
          .map(config::hinting)
          .forEach(console::line);
    }
    return 0;
  }

  static List<String> lines(ExplainJson answer) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("path", answer.root() + ":" + answer.path()));
    rows.add(
        List.of(
            "rules",
            answer.filter().isEmpty() ? "replicated" : "not replicated: " + answer.filter()));
    rows.add(List.of("shows", answer.known() ? answer.visible() : "nobody ever wrote it"));
    answer.versions().forEach(version -> rows.add(List.of("version", version)));
    rows.add(List.of("wanted", answer.wanted()));
    rows.add(List.of("disk", answer.disk()));
    rows.add(List.of("pending", answer.pending().orElse("no")));
    if (!answer.deletion().isEmpty()) {
      rows.add(List.of("deletion", answer.deletion()));
    }
    answer.peers().forEach((name, words) -> rows.add(List.of("peer " + name, words)));
    return Text.table(rows).stream().map(Text::printable).toList();
  }
}
