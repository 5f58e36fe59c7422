package dev.replicator.cli.command;

import dev.replicator.cli.config.Bandwidth;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.StatusJson;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows roots, peers, lag, pending paths and conflicts. */
@Command(
    name = "status",
    description = "Show roots, peers, lag, pending paths and conflicts of the running daemon.",
    footer = {
      "",
      "Examples:",
      "  replicator status",
      "  replicator status --json | jq '.peers[] | select(.connected | not) | .name'",
      "  replicator status --watch",
      "",
      "A root is starting, scanning, live, held (deletions wait for approve), paused or failed.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:shown",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class StatusCommand implements Callable<Integer> {
  private static final long WATCH_MILLIS = 1_000;
  private static final int PENDING_SHOWN_MAX = 5;

  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--watch", description = "Show it again every second until interrupted.")
  private boolean watch;

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    DaemonClient daemon = config.daemon();
    if (!watch) {
      print(daemon.get("/v1/status", Map.of()));
      return 0;
    }
    while (!console.out().checkError()) {
      String body = daemon.get("/v1/status", Map.of());
      if (console.interactive() && !json) {
        console.out().print("\u001b[H\u001b[2J");
      }
      print(body);
      Thread.sleep(WATCH_MILLIS);
    }
    return 0;
  }

  private void print(String body) {
    if (json) {
      console.line(body);
    } else {
      lines(ControlJson.read(StatusJson.class, body)).stream()
          .map(config::hinting)
          .forEach(console::line);
    }
  }

  static List<String> lines(StatusJson status) {
    List<String> lines = new ArrayList<>();
    StatusJson.Node node = status.node();
    lines.add(
        "node "
            + node.name()
            + "  "
            + node.id()
            + "  listening on "
            + node.listen()
            + "  version "
            + node.version());
    lines.add(
        node.notReady().isEmpty() ? "ready" : "not ready: " + String.join("; ", node.notReady()));
    lines.add("");
    lines.addAll(roots(status.roots()));
    lines.add("");
    lines.addAll(peers(status.peers()));
    for (StatusJson.Root root : status.roots()) {
      lines.addAll(details(root));
    }
    return lines.stream().map(Text::printable).toList();
  }

  private static List<String> roots(List<StatusJson.Root> roots) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ROOT", "STATE", "ENTRIES", "PENDING", "CONFLICTS", "HELD", "PATH"));
    for (StatusJson.Root root : roots) {
      rows.add(
          List.of(
              root.name(),
              root.state(),
              Long.toString(root.entries()),
              Long.toString(root.pending()),
              Long.toString(root.conflicts()),
              Long.toString(root.held()),
              root.path()));
    }
    return Text.table(rows);
  }

  private static List<String> peers(List<StatusJson.Peer> peers) {
    if (peers.isEmpty()) {
      return List.of("no peers yet: run `replicator invite` here and `replicator join` there");
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("PEER", "CONNECTED", "LAG", "BEHIND", "ADDRESS", "DETAIL"));
    for (StatusJson.Peer peer : peers) {
      rows.add(
          List.of(
              peer.name(),
              peer.connected() ? "yes" : "no",
              peer.lagMillis().isPresent() ? Text.millis(peer.lagMillis().getAsLong()) : "unknown",
              Long.toString(peer.behind()),
              peer.address().isEmpty() ? "(dials us)" : peer.address(),
              detail(peer)));
    }
    return Text.table(rows);
  }

  private static String detail(StatusJson.Peer peer) {
    OptionalLong limit = peer.bandwidthBytesPerSecond();
    if (limit.isEmpty()) {
      return peer.detail();
    }
    String limited = "at most " + new Bandwidth(limit.getAsLong()) + " to it";
    return peer.detail().isEmpty() ? limited : limited + "; " + peer.detail();
  }

  private static List<String> details(StatusJson.Root root) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(root.name() + ": " + root.state() + suffix(root.reason()));
    lines.add("  watcher: " + root.watcher());
    root.notes().stream().distinct().forEach(note -> lines.add("  note: " + note));
    if (root.hardLinked() > 0) {
      lines.add(
          "  "
              + Count.of(root.hardLinked(), "file has", "files have")
              + " other names too: peers get each for itself");
    }
    if (root.setIdFiles() > 0) {
      lines.add(
          "  "
              + Count.of(root.setIdFiles(), "file has", "files have")
              + " set-id bits: see allow_set_id");
    }
    if (root.held() > 0) {
      lines.add(
          "  "
              + Count.of(root.held(), "deletion waits", "deletions wait")
              + ": `replicator approve` lets that pass, on every node; its --help tells the way"
              + " back");
    }
    if (root.conflicts() > 0) {
      lines.add(
          "  " + Count.of(root.conflicts(), "conflict") + ": see `replicator conflicts list`");
    }
    if (root.adoptedLosers() > 0) {
      lines.add(
          "  "
              + root.adoptedLosers()
              + " hidden at first merges: `replicator conflicts list --adopted`");
    }
    vault(root.vault()).ifPresent(lines::add);
    verified(root.verified()).ifPresent(lines::add);
    for (StatusJson.RootPeer peer : root.peers()) {
      if (peer.filterDiffers()) {
        lines.add("  the filter rules of " + peer.name() + " differ from those here");
      }
    }
    root.peers().stream()
        .filter(StatusJson.RootPeer::paused)
        .forEach(peer ->
            lines.add("  paused on " + peer.name() + ": `replicator resume` there lets it go on"));
    root.peers().stream()
        .filter(peer -> peer.pending() > 0 && !peer.paused())
        .forEach(peer ->
            lines.add(
                "  "
                    + Count.of(peer.pending(), "path")
                    + " not shown on "
                    + peer.name()
                    + " yet, as far as it told: `replicator status` there says why"));
    root.pendingPaths().stream()
        .limit(PENDING_SHOWN_MAX)
        .forEach(path -> lines.add("  pending: " + path.path() + " (" + path.reason() + ")"));
    if (root.pending() > PENDING_SHOWN_MAX) {
      lines.add("  and " + (root.pending() - PENDING_SHOWN_MAX) + " more");
    }
    return lines;
  }

  private static Optional<String> vault(StatusJson.Vault vault) {
    if (vault.versions() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        "  kept: "
            + Count.of(vault.versions(), "earlier version")
            + (vault.oldest().isEmpty() ? "" : " since " + vault.oldest())
            + ", "
            + Text.bytes(vault.bytes())
            + " of "
            + Text.bytes(vault.bytesMax()));
  }

  private static Optional<String> verified(StatusJson.Verified last) {
    if (last.endedAt().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "  verified "
            + last.endedAt()
            + ": "
            + Count.of(last.files(), "file")
            + ", "
            + last.damaged()
            + " damaged, "
            + last.healed()
            + " healed"
            + (last.left() > 0 ? ", " + last.left() + " STILL DAMAGED" : "")
            + (last.unread() > 0 ? ", " + last.unread() + " not read" : ""));
  }

  private static String suffix(String reason) {
    return reason.isEmpty() ? "" : ", " + reason;
  }
}
