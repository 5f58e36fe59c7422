package dev.replicator.runtime;

import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.SortedMap;

/**
 * Whether everything was everywhere.
 *
 * @param peers by peer: milliseconds until it had everything, or what is missing there
 * @param unread some of the paths that nobody could read, and which are not covered
 */
public record BarrierReport(
    Outcome outcome, SortedMap<NodeId, PeerBarrier> peers, List<RelativePath> unread) {

  /** How it ended. */
  public enum Outcome {
    DONE,
    TIMED_OUT,
    /** A peer that was needed was not connected when the time was over. */
    PEER_OFFLINE,
    /** The root is held, paused or failed. */
    NOT_LIVE
  }

  /**
   * One peer's part.
   *
   * @param shown it shows everything; whether it is on stable storage, too, is {@code done}
   */
  public record PeerBarrier(
      boolean done, long millis, boolean connected, long pending, boolean paused, boolean shown) {}
}
