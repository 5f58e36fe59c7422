package dev.replicator.cli.control;

import dev.replicator.model.Count;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RootReport;
import java.util.stream.Collectors;

/** The state of a node in one line, such as {@code systemctl status} shows. */
public final class StatusLine {
  private StatusLine() {}

  /** Asks all roots, so it may take a moment. */
  public static String of(NodeView node) {
    String roots =
        node.roots().values().stream()
            .map(ReplicatedRoot::report)
            .map(StatusLine::root)
            .collect(Collectors.joining(", "));
    long connected = node.peers().stream().filter(NodeView.PeerView::connected).count();
    String all = Count.of(node.peers().size(), "peer");
    return roots + "; " + connected + " of " + all + " connected";
  }

  private static String root(RootReport report) {
    String pending = report.pending() == 0 ? "" : " (" + report.pending() + " pending)";
    return report.name() + " " + Health.stateText(report.state()) + pending;
  }
}
