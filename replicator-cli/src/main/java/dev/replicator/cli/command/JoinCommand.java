package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.JoinJson;
import dev.replicator.cli.daemon.Joining;
import dev.replicator.cli.daemon.StateDirectory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Initial;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Joins the cluster of the node that invited. */
@Command(
    name = "join",
    description = "Join the cluster of the node that printed the token.",
    footer = {
      "",
      "Both nodes trust each other's key from then on, and this one learns of the others. Roots"
          + " are",
      "matched by name; one that is missing on either side is named and never created. A running",
      "daemon takes the peers up at once. Where another node has the name of this one already, the",
      "others call this one NAME-XXXX, with the first letters of its key, and join says so.",
      "",
      "When both sides hold files already, equal ones join silently, and of differing ones one",
      "version shows and the other is kept: --initial mine or theirs says which. It counts for",
      "roots that were not replicated here before.",
      "",
      "Examples:",
      "  replicator join TOKEN --dry-run       count what is equal and what differs",
      "  replicator join TOKEN --initial theirs",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:joined, or counted with --dry-run",
      "1:joined, but no root has the same name on both sides",
      "2:wrong usage",
      "3:the daemon that invited does not answer",
      "5:configuration",
      "6:refused: token damaged, used or expired, or another key answers"
    })
final class JoinCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(index = "0", paramLabel = "TOKEN", description = "What `replicator invite` printed.")
  private String token = "";

  @Option(names = "--dry-run", description = "Count what each side has; change nothing.")
  private boolean dryRun;

  @Option(
      names = "--initial",
      paramLabel = "union|mine|theirs",
      defaultValue = "union",
      description = "What shows where the trees differ at first. Default: ${DEFAULT-VALUE}")
  private String initial = "union";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  JoinCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    Initial chosen = Options.parsed("--initial", initial, JoinCommand::initial);
    Configuration configuration = config.load();
    StateDirectory state = StateDirectory.prepare(configuration.node().state());
    Joining joining = new Joining(configuration, state);
    JoinJson result = dryRun ? joining.compare(token, chosen) : joining.join(token, chosen);
    if (json) {
      console.line(ControlJson.write(JoinJson.class, result));
    } else {
      console.lines(JoinText.lines(configuration.node().name(), result));
      boolean running = new DaemonClient(configuration.node().socket()).isAlive();
      console.line(config.hinting(JoinText.next(dryRun, running)));
    }
    if (!dryRun) {
      RunningDaemon.takeUpPeers(configuration, json ? console.quiet() : console);
    }
    return result.rootsOnBoth().isEmpty() ? ExitCode.NOT_MET.number() : ExitCode.DONE.number();
  }

  private static Initial initial(String text) {
    return switch (text) {
      case "union" -> Initial.UNION;
      case "mine" -> Initial.MINE;
      case "theirs" -> Initial.THEIRS;
      default ->
          throw new IllegalArgumentException(
              "\""
                  + Text.printable(text.toLowerCase(Locale.ROOT))
                  + "\" must be union, mine or"
                  + " theirs");
    };
  }
}
