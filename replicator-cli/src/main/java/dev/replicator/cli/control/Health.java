package dev.replicator.cli.control;

import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RootReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a load balancer should send requests here, by what this node itself shows. A peer that is
 * offline, or behind this node, never makes it unready: otherwise the loss of one node would take
 * all of them out, or the one that is whole instead of the one that is not.
 */
final class Health {
  /** Peers that can be reached are there by then. */
  private static final long CONNECT_MILLIS = 10_000;

  /** So many paths may be pending in a root that shows fewer. */
  private static final long PENDING_OF_SMALL_ROOTS = 100;

  private Health() {}

  /** The reasons why not, one sentence each; empty when ready. */
  static List<String> notReady(NodeView node) {
    List<String> reasons = new ArrayList<>();
    if (node.roots().isEmpty()) {
      reasons.add("no root is open");
    }
    for (ReplicatedRoot root : node.roots().values()) {
      addReasons(node, root.report(), reasons);
    }
    return reasons;
  }

  private static void addReasons(NodeView node, RootReport report, List<String> reasons) {
    String root = "root " + report.name();
    if (report.state() != RootReport.State.LIVE) {
      String why = report.reason().isEmpty() ? "" : ": " + report.reason();
      reasons.add(root + " is " + stateText(report.state()) + why);
    }
    if (!report.blind().isEmpty()) {
      reasons.add(root + ": " + report.blind());
    }
    if (mayLackEverything(node, report)) {
      reasons.add(root + " has not merged with any peer yet");
    }
    long shown = Math.max(report.census().present(), PENDING_OF_SMALL_ROOTS);
    boolean served = isConnected(report) || report.census().present() == 0;
    if (report.pending() > shown && served) {
      reasons.add(root + " is being filled: " + report.pending() + " paths are pending");
    }
    long behind = report.standing().behindMillis();
    if (isConnected(report) && behind > node.readyLagMillis()) {
      reasons.add(root + " does not show what peers wrote " + behind + " ms ago");
    }
  }

  /**
   * A new root that met nobody yet. Who has files and finds no peer serves them: a peer that was
   * joined and never started keeps nobody from that. An empty one has nothing to serve.
   */
  private static boolean mayLackEverything(NodeView node, RootReport report) {
    if (report.peers().isEmpty() || report.standing().merged()) {
      return false;
    }
    boolean young = System.currentTimeMillis() - node.startedMillis() < CONNECT_MILLIS;
    return young || isConnected(report) || report.census().present() == 0;
  }

  /** Only then is there somebody who may serve something newer. */
  private static boolean isConnected(RootReport report) {
    return report.peers().values().stream().anyMatch(RootReport.PeerReport::connected);
  }

  static String stateText(RootReport.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  static String nameOf(NodeView node, NodeId peer) {
    return node.peers().stream()
        .filter(view -> view.id().equals(peer))
        .map(NodeView.PeerView::name)
        .findFirst()
        .orElseGet(() -> KeyText.print(peer));
  }
}
