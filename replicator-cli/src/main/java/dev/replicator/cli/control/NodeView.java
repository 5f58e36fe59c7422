package dev.replicator.cli.control;

import dev.replicator.block.ArbiterReports;
import dev.replicator.block.BlockStatus;
import dev.replicator.cli.config.Bandwidth;
import dev.replicator.model.NodeId;
import dev.replicator.port.Arbiter;
import dev.replicator.runtime.ReplicatedRoot;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The daemon as its routes see it. All methods may be called from any thread. */
public interface NodeView {
  String name();

  NodeId id();

  /** Where peers connect, with the port that was really bound. */
  String listen();

  long startedMillis();

  /** While content of others is pending here for longer, the node is not ready. */
  long readyLagMillis();

  SortedMap<String, ReplicatedRoot> roots();

  /** What was last seen of the roots that DRBD and OCFS2 keep. */
  SortedMap<String, BlockStatus> blocks();

  /** Configured and learned peers, in the order of names. */
  List<PeerView> peers();

  /** What happened to the roots lately. */
  EventRing events();

  /** Who is asked when DRBD lost its peer; a node without such roots refuses. */
  Arbiter arbiter();

  /** The arbiters of the roots here that have one, as they last answered. */
  List<ArbiterReports.Report> arbiters();

  /** Reads configuration and peers again; refused with the reasons when there are errors. */
  MessageJson reload();

  /**
   * One peer and its connection.
   *
   * @param address where it is dialled, "" when it dials us
   * @param detail of a peer that is not connected: why
   * @param rttMicros a round trip of a ping; 0 before the first
   * @param bytesIn on the wire since the daemon started, encryption included
   * @param bandwidth limit of the content that is sent to it, where there is one
   * @param dialsUs whether it is nowhere to be dialled from here
   * @param twin from where two daemons with its key come; "" while none do
   */
  record PeerView(
      String name,
      NodeId id,
      String address,
      boolean connected,
      String detail,
      long rttMicros,
      long bytesIn,
      long bytesOut,
      Optional<Bandwidth> bandwidth,
      boolean dialsUs,
      String twin) {}
}
