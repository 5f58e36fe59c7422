package dev.replicator.cli.control;

import dev.replicator.model.NodeId;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RootReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether a load balancer should send requests here. A peer that is offline never makes this node
 * unready: otherwise the loss of one node would take all of them out.
 */
final class Health {
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
    boolean merged =
        report.peers().isEmpty()
            || report.peers().values().stream().anyMatch(RootReport.PeerReport::merged);
    if (!merged) {
      reasons.add(root + " has not merged with any peer yet");
    }
    for (Map.Entry<NodeId, RootReport.PeerReport> peer : report.peers().entrySet()) {
      long lag = peer.getValue().lagMillis().orElse(0);
      if (peer.getValue().connected() && lag > node.readyLagMillis()) {
        reasons.add(
            root + ": " + nameOf(node, peer.getKey()) + " lacks changes for " + lag + " ms");
      }
    }
  }

  static String stateText(RootReport.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  static String nameOf(NodeView node, NodeId peer) {
    return node.peers().stream()
        .filter(view -> view.id().equals(peer))
        .map(NodeView.PeerView::name)
        .findFirst()
        .orElseGet(peer::toString);
  }
}
