package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.EventJson;
import dev.replicator.cli.control.EventsJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Limits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what happened to the roots. */
@Command(
    name = "events",
    description = "Show what happened to the roots of the running daemon, one line for each event.",
    footer = {
      "",
      "A line is the time, the kind, ROOT or ROOT:path, the peer, and more in words. Kinds:",
      "  applied, removed        a change of a peer, or a choice made here, shows on this disk",
      "  written, deleted        somebody wrote here, or deleted",
      "  conflict, resolved      a path has versions that do not show, or none any more",
      "  pending                 why a path cannot show its newest state yet",
      "  held, approved          deletions, or the root itself, that wait for `replicator approve`",
      "  connected, disconnected a peer came or went",
      "  state                   a root is starting, scanning, live, paused or failed now",
      "  resynced, verified      `resync` or `verify` came to its end",
      "  followed                the command of [root.after_apply] has run",
      "  problem                 what an administrator must see",
      "",
      "The daemon remembers in memory the last events of all its roots together, at most "
          + Limits.EVENTS_KEPT_MAX
          + ".",
      "Where some are gone the line `dropped` says how many; after the daemon was started again",
      "--follow goes on with the line `restarted`.",
      "",
      "Examples:",
      "  replicator events --last 100",
      "  replicator events wp-content --follow",
      "  replicator events --follow --json | jq -r 'select(.kind == \"conflict\") | .path'",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:shown, also when there are none",
      "2:wrong usage",
      "3:the daemon is not running; with --follow: it was not when this command began",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class EventsCommand implements Callable<Integer> {
  private static final int LAST_DEFAULT = 20;
  private static final int KIND_WIDTH = 12;

  /** The daemon answers before the client's patience ends. */
  private static final long WAIT_MILLIS = 20_000;

  /** Until a daemon that ended is asked again. */
  private static final long AWAY_MILLIS = 1_000;

  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ROOT",
      description = "Only of this root; of all of them without it.")
  private @Nullable String root;

  @Option(names = "--follow", description = "Go on with what happens, until interrupted.")
  private boolean follow;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "" + LAST_DEFAULT,
      description = "How many of the last events to show first. Default: ${DEFAULT-VALUE}")
  private int last = LAST_DEFAULT;

  @Option(names = "--json", description = "Print one JSON document for each event.")
  private boolean json;

  EventsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    if (last < 0 || last > Limits.EVENTS_KEPT_MAX) {
      throw new Failure(ExitCode.USAGE, "--last: write 0 to " + Limits.EVENTS_KEPT_MAX);
    }
    Configuration configuration = config.loadToAsk();
    Options.requireRoot(configuration, root);
    DaemonClient daemon = new DaemonClient(configuration.node().socket());
    EventsJson page = ask(daemon, Map.of("last", text(last)));
    int shown = print(page);
    while (follow ? !console.out().checkError() : page.more() && shown < last) {
      Optional<EventsJson> next = after(page, daemon);
      if (next.isPresent()) {
        page = next.get();
        shown += print(page);
      } else {
        awaitAnswer(daemon);
      }
    }
    return 0;
  }

  /** What follows {@code page}; empty while the daemon is not there to tell it. */
  private Optional<EventsJson> after(EventsJson page, DaemonClient daemon) throws Failure {
    try {
      return Optional.of(
          ask(
              daemon,
              Map.of(
                  "started", text(page.started()),
                  "after", text(page.next()),
                  "wait", text(follow ? WAIT_MILLIS : 0))));
    } catch (Failure away) {
      if (!follow || away.code() == ExitCode.USAGE) {
        throw away;
      }
      return Optional.empty();
    }
  }

  /** A daemon that ends closes its socket last. */
  private void awaitAnswer(DaemonClient daemon) throws InterruptedException {
    console.note("replicator: the daemon does not answer; waiting for it");
    do {
      Thread.sleep(AWAY_MILLIS);
    } while (!daemon.isAlive() && !console.out().checkError());
  }

  private EventsJson ask(DaemonClient daemon, Map<String, byte[]> more) throws Failure {
    Map<String, byte[]> parameters = Options.root(root);
    parameters.putAll(more);
    return ControlJson.read(EventsJson.class, daemon.get("/v1/events", parameters));
  }

  private static byte[] text(long number) {
    return Arguments.encode(Long.toString(number));
  }

  private int print(EventsJson page) {
    for (EventJson event : page.events()) {
      console.line(json ? ControlJson.write(EventJson.class, event) : line(event));
    }
    return page.events().size();
  }

  static String line(EventJson event) {
    StringBuilder line = new StringBuilder(event.time()).append("  ").append(event.kind());
    line.repeat(' ', Math.max(0, KIND_WIDTH - event.kind().length()));
    for (String part : List.of(where(event), peer(event), event.detail())) {
      line.append(part.isEmpty() ? "" : "  ").append(Text.printable(part));
    }
    return line.toString();
  }

  private static String where(EventJson event) {
    return event.path().isEmpty() ? event.root() : event.root() + ":" + event.path();
  }

  private static String peer(EventJson event) {
    return event.peer().isEmpty() || event.path().isEmpty() ? event.peer() : "from " + event.peer();
  }
}
