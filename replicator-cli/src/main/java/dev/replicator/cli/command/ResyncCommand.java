package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.ResyncJson;
import dev.replicator.cli.daemon.NetworkFactory;
import dev.replicator.cli.daemon.OneShot;
import dev.replicator.cli.daemon.RootFactory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Count;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares everything once and repairs what differs. */
@Command(
    name = "resync",
    description = "Compare disk, journal and every peer in full and repair what differs.",
    footer = {
      "",
      "Works without a running daemon too: then it runs the engine until everything is equal or no",
      "peer can be reached. A peer without an address has to dial this node, as it does when the",
      "daemon runs: it is waited for at the address of `listen`. --dry-run only counts.",
      "",
      "--checksum reads all content of this node again first, and heals what the disk damaged, as",
      "`replicator verify` does. Peers read nothing for it: run it on each node.",
      "",
      "Examples:",
      "  replicator resync",
      "  replicator resync wp-content --dry-run --json",
      "  replicator resync --checksum",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything was compared and is equal, or counted with --dry-run",
      "1:something is still pending, or a root cannot work, is held or lost; with --checksum:"
          + " something was damaged or is missing",
      "2:wrong usage",
      "4:not every peer could be compared with; with --checksum: or something is not healed",
      "5:configuration",
      "6:refused: state directory locked, key or journal not usable, port taken, being verified"
    })
final class ResyncCommand implements Callable<Integer> {
  private static final Duration MOST = Duration.ofDays(7);

  private final Console console;
  private final RootFactory engine;
  private final NetworkFactory networks;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ROOT",
      description = "Only this root; all of them without it.")
  private @Nullable String root;

  @Option(names = "--dry-run", description = "Only count what differs.")
  private boolean dryRun;

  @Option(
      names = "--checksum",
      description = "Read all content here again instead of trusting stamps.")
  private boolean checksum;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description =
          "Without a daemon: how long to wait for peers to connect. Default: ${DEFAULT-VALUE}")
  private String timeout = "30s";

  @Option(names = "--json", description = "Print one JSON document for each root.")
  private boolean json;

  ResyncCommand(Console console, RootFactory engine, NetworkFactory networks) {
    this.console = console;
    this.engine = engine;
    this.networks = networks;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    Duration patience = Options.parsed("--timeout", timeout, Text::duration);
    Configuration configuration = config.loadToAsk();
    Options.requireRoot(configuration, root);
    DaemonClient daemon = new DaemonClient(configuration.node().socket());
    List<ResyncJson> results = new ArrayList<>();
    VerifyResults contents = new VerifyResults(console, json, config);
    if (daemon.isAlive()) {
      Map<String, byte[]> parameters = Options.root(root);
      parameters.put("dryRun", Arguments.encode(Boolean.toString(dryRun)));
      if (checksum) {
        daemon.lines("/v1/verify", parameters, MOST, contents::take);
      }
      daemon.lines("/v1/resync", parameters, MOST, line -> take(line, results));
    } else {
      OneShot.resync(
          new OneShot.Setting(
              config.load(), Optional.ofNullable(root), patience, engine, networks, console::note),
          dryRun,
          checksum ? Optional.of(contents::take) : Optional.empty(),
          line -> take(line, results));
    }
    console.endProgress();
    ExitCode compared = code(results);
    ExitCode read = checksum ? contents.code() : ExitCode.DONE;
    // What is not healed is worse than what merely was damaged.
    return Math.max(compared.number(), read.number());
  }

  private void take(String line, List<ResyncJson> results) {
    ResyncJson state = ControlJson.read(ResyncJson.class, line);
    if (!state.ended()) {
      console.progress(ProgressBar.text(state));
      return;
    }
    console.endProgress();
    results.add(state);
    if (json) {
      console.line(line);
    } else {
      lines(state).stream().map(config::hinting).forEach(console::line);
    }
  }

  static List<String> lines(ResyncJson state) {
    List<String> lines = new ArrayList<>();
    if (!state.reason().isEmpty()) {
      lines.add(state.root() + ": could not be compared: " + state.reason());
      return lines.stream().map(Text::printable).toList();
    }
    lines.add(
        state.root()
            + ": "
            + Count.of(state.checkedLocally(), "path")
            + " here, "
            + state.repairedLocally()
            + (state.dryRun() ? " not yet taken in" : " taken in"));
    lines.add(
        "  "
            + Count.of(state.comparedWithPeers(), "record")
            + " compared with "
            + state.peersCompared()
            + " of "
            + Count.of(state.peersConfigured(), "peer")
            + ", "
            + state.differingWithPeers()
            + (state.dryRun() ? " differ" : " differed and were exchanged"));
    state.missing().forEach(peer -> lines.add("  " + peer));
    if (state.pending() > 0) {
      lines.add("  " + state.pending() + " still pending: see `replicator status`");
    }
    if (!state.held().isEmpty()) {
      lines.add("  not equal, since it is held: " + state.held());
    }
    state.examples().forEach(path -> lines.add("  differed: " + path));
    return lines.stream().map(Text::printable).toList();
  }

  static ExitCode code(List<ResyncJson> results) {
    boolean failed =
        results.stream().anyMatch(one -> !one.reason().isEmpty() || !one.held().isEmpty());
    if (failed || results.isEmpty()) {
      return ExitCode.NOT_MET;
    }
    if (results.stream().anyMatch(one -> one.peersCompared() < one.peersConfigured())) {
      return ExitCode.PEER_OFFLINE;
    }
    boolean pending = results.stream().anyMatch(one -> !one.dryRun() && one.pending() > 0);
    return pending ? ExitCode.NOT_MET : ExitCode.DONE;
  }
}
