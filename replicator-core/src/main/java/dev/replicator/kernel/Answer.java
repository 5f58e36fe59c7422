package dev.replicator.kernel;

import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.SortedMap;

/** What a command came to. */
public sealed interface Answer {
  record Done(String text) implements Answer {}

  record Refused(String reason) implements Answer {}

  /** How a barrier ended. */
  record Barrier(BarrierEnd end, SortedMap<NodeId, PeerPart> peers) implements Answer {}

  /** Ways in which a barrier ends. */
  enum BarrierEnd {
    DONE,
    TIMED_OUT,
    PEER_OFFLINE,
    NOT_LIVE
  }

  /** One peer's part in a barrier. */
  record PeerPart(boolean done, long millis, boolean connected, long pending, boolean paused) {}

  /** Counts of a comparison; {@code ended} with the last one. */
  record Resync(
      boolean ended,
      long repairedLocally,
      long comparedWithPeers,
      long differingWithPeers,
      int peersCompared,
      List<RelativePath> examples)
      implements Answer {}
}
