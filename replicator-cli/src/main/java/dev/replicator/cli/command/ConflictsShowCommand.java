package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.ConflictJson;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows all versions of one path. */
@Command(
    name = "show",
    description = "Show all versions of one path, the visible one first.",
    footer = {
      "",
      "WRITER is this node or one that is connected; of others the name is not known here.",
      "",
      "Example:",
      "  replicator conflicts show wp-content:themes/mine/style.css",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:shown",
      "1:the path has no conflict",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class ConflictsShowCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      paramLabel = "PATH",
      description = "Absolute, relative to here, or ROOT:path.")
  private String path = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ConflictsShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    Configuration configuration = config.loadToAsk();
    RootPath where = RootPath.resolve(configuration, path, Path.of("").toAbsolutePath());
    ConflictJson conflict = find(new DaemonClient(configuration.node().socket()), where);
    if (json) {
      console.line(ControlJson.write(ConflictJson.class, conflict));
      return 0;
    }
    console.line(where.toString());
    console.lines(VersionTable.lines(conflict.versions()));
    String resolve = "`replicator conflicts resolve " + where;
    console.line(config.hinting("choose one: " + resolve + " VERSION`"));
    console.line(config.hinting("or keep the one that shows: " + resolve + " --shown`"));
    return 0;
  }

  /** The conflict of one path, written or adopted. */
  static ConflictJson find(DaemonClient daemon, RootPath where) throws Failure {
    for (String adopted : new String[] {"false", "true"}) {
      Map<String, byte[]> parameters = new TreeMap<>(where.parameters());
      parameters.put("adopted", Arguments.encode(adopted));
      String body = daemon.get("/v1/conflicts", parameters);
      Optional<ConflictJson> found =
          ControlJson.readList(ConflictJson.class, body).stream()
              .filter(conflict -> isOf(conflict, where))
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new Failure(ExitCode.NOT_MET, where + " has no conflict");
  }

  private static boolean isOf(ConflictJson conflict, RootPath where) {
    Object raw = conflict.more().get("pathBase64");
    String octets = Base64.getEncoder().encodeToString(where.path().toArray());
    return raw == null
        ? where.path().text().filter(conflict.path()::equals).isPresent()
        : raw.equals(octets);
  }
}
