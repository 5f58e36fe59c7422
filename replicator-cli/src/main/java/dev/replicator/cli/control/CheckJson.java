package dev.replicator.cli.control;

import dev.replicator.block.BlockRoot;
import dev.replicator.model.Count;
import io.avaje.jsonb.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What monitoring makes of a node, for {@code check}.
 *
 * @param verdict ok, warning or critical
 * @param critical why a load balancer should not send requests here, and damage that nobody healed
 * @param warnings what serves all the same, but wants somebody to look
 */
@Json
public record CheckJson(String verdict, List<String> critical, List<String> warnings) {
  /**
   * Critical is exactly what makes a node unready, and content that is lost on this disk.
   *
   * @param patience how long a peer may lack a change, or a path wait, before it is told
   */
  public static CheckJson of(StatusJson status, Duration patience, Instant now) {
    List<String> critical = new ArrayList<>(status.node().notReady());
    List<String> warnings = new ArrayList<>();
    for (StatusJson.Root root : status.roots()) {
      String name = "root " + root.name();
      if (root.verified().left() > 0) {
        critical.add(name + ": verify left " + Count.of(root.verified().left(), "damaged file"));
      }
      if (root.state().equals("live") && !root.reason().isEmpty()) {
        warnings.add(name + " is " + root.reason());
      }
      addPending(root, now.minus(patience), warnings);
      if (root.conflicts() > 0) {
        warnings.add(
            name
                + " has "
                + Count.of(root.conflicts(), "conflict")
                + ": see `replicator conflicts list`");
      }
      if (isAlone(root, status)) {
        warnings.add(
            name
                + " is replicated with no peer that is connected: none has a root of that name, or"
                + " it does not run there; see `replicator status`");
      }
      for (StatusJson.RootPeer peer : root.peers()) {
        if (peer.paused()) {
          warnings.add(
              name + " is paused on " + peer.name() + ": `replicator resume` there lets it go on");
        }
        if (peer.filterDiffers()) {
          warnings.add(name + ": the filter rules of " + peer.name() + " differ from those here");
        }
      }
    }
    if (status.peers().isEmpty() && status.roots().stream().anyMatch(CheckJson::needsPeers)) {
      warnings.add(
          "this node has no peers, and replicates nothing: `replicator invite` and `join` pair it;"
              + " where it had some, look for its state directory");
    }
    status.peers().forEach(peer -> addPeer(peer, patience, warnings));
    String verdict = !critical.isEmpty() ? "critical" : warnings.isEmpty() ? "ok" : "warning";
    return new CheckJson(verdict, critical, warnings);
  }

  /** Whether peers are there, and this root at none of them. */
  private static boolean isAlone(StatusJson.Root root, StatusJson status) {
    return status.peers().stream().anyMatch(StatusJson.Peer::connected)
        && !root.peers().isEmpty()
        && root.peers().stream().noneMatch(StatusJson.RootPeer::connected);
  }

  private static boolean needsPeers(StatusJson.Root root) {
    return !root.watcher().equals(BlockRoot.WATCHER);
  }

  private static void addPending(StatusJson.Root root, Instant before, List<String> warnings) {
    root.pendingPaths().stream()
        .filter(path -> Instant.parse(path.since()).isBefore(before))
        .findFirst()
        .ifPresent(path ->
            warnings.add(
                "root "
                    + root.name()
                    + " has "
                    + Count.of(root.pending(), "pending path")
                    + ", as "
                    + path.path()
                    + " since "
                    + path.since()
                    + ": "
                    + path.reason()));
  }

  private static void addPeer(StatusJson.Peer peer, Duration patience, List<String> warnings) {
    if (!peer.twin().isEmpty()) {
      warnings.add("peer " + peer.name() + ": " + peer.detail());
    }
    if (!peer.connected()) {
      String why = peer.detail().isEmpty() ? "" : ": " + peer.detail();
      warnings.add("peer " + peer.name() + " is not connected" + why);
    } else if (peer.lagMillis().orElse(0) > patience.toMillis()) {
      warnings.add(
          "peer "
              + peer.name()
              + " lacks changes for "
              + peer.lagMillis().getAsLong()
              + " ms: `replicator status` there tells whether it is held or at work");
    }
  }
}
