package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.WaitJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Count;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Waits until everything that is here now is on the peers. */
@Command(
    name = "wait",
    description = "Wait until every change made here so far shows on the peers.",
    footer = {
      "",
      "What shows may still be lost when the power fails; a second or two later it is on stable",
      "storage. With --durable that is waited for, on this node and on the peers.",
      "",
      "Of a PATH that nobody knows there is nothing to wait for: that is done, and said.",
      "",
      "Examples:",
      "  replicator wait                        all roots, all peers, 30 s",
      "  replicator wait uploads/2025           below the current directory",
      "  replicator wait wp-content:uploads --peers 1 --timeout 5s",
      "  replicator wait --durable              before the only other copy is deleted",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything is there",
      "1:not everything was there when the time was over, the root is held, paused or failed,"
          + " or there are no peers",
      "2:wrong usage",
      "3:the daemon is not running",
      "4:a needed peer was offline when the time was over",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class WaitCommand implements Callable<Integer> {
  private static final Duration GRACE = Duration.ofSeconds(20);

  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PATH",
      description = {"Only what is at or below it.", Arguments.PATH_FORMS})
  private @Nullable String path;

  @Option(
      names = "--peers",
      paramLabel = "all|N",
      defaultValue = "all",
      description = "How many peers must have it. Default: ${DEFAULT-VALUE}")
  private String peers = "all";

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "When to give up: 500ms, 30s, 5m. Default: ${DEFAULT-VALUE}")
  private String timeout = "30s";

  @Option(
      names = "--durable",
      description = "Also wait until it is on stable storage, on this node and on the peers.")
  private boolean durable;

  @Option(names = "--json", description = "Print one JSON document for each root.")
  private boolean json;

  WaitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    Duration most = Options.parsed("--timeout", timeout, Text::duration);
    if (!peers.equals("all") && !peers.matches("[1-9][0-9]{0,3}")) {
      throw new Failure(ExitCode.USAGE, "--peers must be all or a number from 1");
    }
    Configuration configuration = config.loadToAsk();
    Map<String, byte[]> parameters = new TreeMap<>();
    if (path != null) {
      RootPath where = RootPath.resolve(configuration, path, Path.of("").toAbsolutePath());
      parameters.putAll(where.parameters());
    }
    parameters.put("peers", peers.getBytes(StandardCharsets.UTF_8));
    parameters.put("timeout", Long.toString(most.toMillis()).getBytes(StandardCharsets.UTF_8));
    if (durable) {
      parameters.put("durable", "true".getBytes(StandardCharsets.UTF_8));
    }
    List<WaitJson> results = new ArrayList<>();
    DaemonClient daemon = new DaemonClient(configuration.node().socket());
    daemon.lines("/v1/wait", parameters, most.plus(GRACE), line -> take(line, results));
    console.endProgress();
    return code(results).number();
  }

  private void take(String line, List<WaitJson> results) {
    WaitJson state = ControlJson.read(WaitJson.class, line);
    if (!state.ended()) {
      long missing = state.peers().values().stream().mapToLong(WaitJson.Peer::pending).sum();
      console.progress(state.root() + ": " + Count.of(missing, "change") + " to arrive");
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

  static List<String> lines(WaitJson state) {
    List<String> lines = new ArrayList<>();
    String words = state.outcome().replace('_', ' ');
    String reason = state.reason().isEmpty() ? "" : ": " + state.reason();
    lines.add(state.root() + ": " + words + reason);
    state
        .peers()
        .forEach((name, peer) -> {
          lines.add("  " + name + " " + part(peer));
        });
    state
        .unread()
        .forEach(path ->
            lines.add(
                "  not covered, it cannot be read now: "
                    + path
                    + "; `replicator explain "
                    + path
                    + "` says why"));
    return lines.stream().map(Text::printable).toList();
  }

  private static String part(WaitJson.Peer peer) {
    if (peer.done()) {
      return "has everything, after " + Text.millis(peer.millis());
    }
    if (peer.shown()) {
      return "shows everything, and has not told that it is on stable storage:"
          + " `replicator status` there says why, unless it is of an older version";
    }
    String lacks =
        peer.pending() > 0 ? "lacks " + Count.of(peer.pending(), "change") : "lacks changes";
    if (peer.paused()) {
      return lacks + " and is paused: `replicator resume` there lets it go on";
    }
    return peer.connected()
        ? lacks + ": `replicator status` there tells whether it is held or at work"
        : lacks + " and is offline, or has no such root: see `replicator status`";
  }

  /** The worst of all roots; a peer that is offline explains more than the time that is over. */
  static ExitCode code(List<WaitJson> results) {
    Optional<WaitJson> offline =
        results.stream().filter(one -> one.outcome().equals("peer_offline")).findFirst();
    if (offline.isPresent()) {
      return ExitCode.PEER_OFFLINE;
    }
    boolean done = !results.isEmpty() && results.stream().allMatch(WaitCommand::isDone);
    return done ? ExitCode.DONE : ExitCode.NOT_MET;
  }

  private static boolean isDone(WaitJson result) {
    return result.outcome().equals("done");
  }
}
