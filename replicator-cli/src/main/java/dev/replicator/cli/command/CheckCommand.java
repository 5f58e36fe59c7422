package dev.replicator.cli.command;

import dev.replicator.cli.control.CheckJson;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.StatusJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One line and the exit code of a Nagios plugin; files and DRBD are judged alike. */
@Command(
    name = "check",
    description =
        "Judge the running daemon as a Nagios plugin: one line, then one for each reason.",
    footer = {
      "",
      "Critical is what makes /ready say no, damage that verify could not heal, and a daemon that",
      "does not answer. Warnings are a peer that is not connected, behind or paused, paths that",
      "wait, conflicts, differing filter rules, roots without any peers, and a root of DRBD that",
      "serves and is not whole.",
      "",
      "Examples:",
      "  replicator check",
      "  replicator check --patience 1m",
      "  replicator check --json | jq -r '.warnings[]'",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:OK",
      "1:WARNING",
      "2:CRITICAL, also when the daemon is not running or does not answer",
      "3:UNKNOWN: configuration, wrong usage, a user who may not ask the daemon"
    },
    exitCodeOnInvalidInput = CheckCommand.UNKNOWN)
final class CheckCommand implements Callable<Integer> {
  static final int UNKNOWN = 3;

  /** Each at the place of its exit code. */
  private static final List<String> VERDICTS = List.of("ok", "warning", "critical", "unknown");

  private static final Set<ExitCode> UNKNOWNS =
      EnumSet.of(ExitCode.CONFIGURATION, ExitCode.USAGE, ExitCode.REFUSED);

  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "How long a peer may lack a change, or a path wait: 30s, 5m. Default: ${DEFAULT-VALUE}")
  private String patience = "10s";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try {
      Duration limit = Options.parsed("--patience", patience, Text::duration);
      StatusJson status =
          ControlJson.read(StatusJson.class, config.daemon().get("/v1/status", Map.of()));
      CheckJson check = CheckJson.of(status, limit, Instant.now());
      return told(check, summary(status), " | " + performance(status));
    } catch (Failure failure) {
      return told(failure);
    }
  }

  /** Without a daemon nothing is replicated; of one that cannot be asked that is not known. */
  private int told(Failure failure) {
    boolean unknown = UNKNOWNS.contains(failure.code());
    List<String> reasons = failure.text().lines().toList();
    return told(new CheckJson(unknown ? "unknown" : "critical", reasons, List.of()), "", "");
  }

  /** Prints it; gives its exit code. */
  private int told(CheckJson check, String whenFine, String figures) {
    if (json) {
      console.line(ControlJson.write(CheckJson.class, check));
    } else {
      print(check, whenFine, figures);
    }
    return VERDICTS.indexOf(check.verdict());
  }

  private void print(CheckJson check, String whenFine, String figures) {
    List<String> reasons = reasons(check);
    String text = reasons.isEmpty() ? whenFine : reasons.getFirst();
    String more = reasons.size() > 1 ? "; and " + (reasons.size() - 1) + " more" : "";
    String verdict = check.verdict().toUpperCase(Locale.ROOT);
    console.line("REPLICATOR " + verdict + " - " + text + more + figures);
    if (reasons.size() > 1) {
      console.lines(reasons);
    }
  }

  /** One line each; what stands behind a bar would be taken for figures. */
  private List<String> reasons(CheckJson check) {
    return Stream.concat(check.critical().stream(), check.warnings().stream())
        .map(reason -> Text.printable(config.hinting(reason).replace('|', '/')))
        .toList();
  }

  private static String summary(StatusJson status) {
    return "roots: " + status.roots().size() + ", peers connected: " + status.peers().size();
  }

  private static String performance(StatusJson status) {
    List<StatusJson.Root> roots = status.roots();
    return "lag="
        + lag(status.peers())
        + " pending="
        + roots.stream().mapToLong(StatusJson.Root::pending).sum()
        + " conflicts="
        + roots.stream().mapToLong(StatusJson.Root::conflicts).sum()
        + " held="
        + roots.stream().mapToLong(StatusJson.Root::held).sum();
  }

  /** The greatest; where one is not known nobody can tell, which plugins write as U. */
  private static String lag(List<StatusJson.Peer> peers) {
    if (peers.stream().anyMatch(peer -> peer.lagMillis().isEmpty())) {
      return "U";
    }
    return peers.stream().mapToLong(peer -> peer.lagMillis().getAsLong()).max().orElse(0) + "ms";
  }
}
