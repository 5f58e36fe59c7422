package dev.replicator.kernel;

import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.SortedMap;

/** What a command came to. */
public sealed interface Answer {
  record Done(String text) implements Answer {}

  record Refused(String reason) implements Answer {}

  /** Something is at a path where nothing was to be replaced. */
  record Occupied(String reason) implements Answer {}

  /**
   * How a barrier ended.
   *
   * @param unread some of the paths in its scope that nobody could read: they are not covered
   */
  record Barrier(BarrierEnd end, SortedMap<NodeId, PeerPart> peers, List<RelativePath> unread)
      implements Answer {}

  /** Ways in which a barrier ends. */
  enum BarrierEnd {
    DONE,
    TIMED_OUT,
    PEER_OFFLINE,
    NOT_LIVE
  }

  /**
   * One peer's part in a barrier.
   *
   * @param shown it shows everything; whether it is on stable storage, too, is {@code done}
   */
  record PeerPart(
      boolean done, long millis, boolean connected, long pending, boolean paused, boolean shown) {}

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
