package dev.replicator.net.session;

import dev.replicator.model.NodeId;
import java.util.List;

/**
 * What there is to say about the connection with one peer.
 *
 * @param address where it is dialled; of a peer that is never dialled, where it came from last
 * @param sinceMillis when this state began, wall time
 * @param rttMicros falls at once and rises slowly; 0 before the first answer to a ping
 * @param bytesIn on the wire since this daemon started, encryption included
 * @param lastError why the last attempt or session ended; empty when nothing ever went wrong
 * @param callsItself its own name, as it told when it connected last; empty before
 * @param software name and version of the peer's daemon, empty before the first session
 * @param twin from where two daemons with its key came, while that goes on; else empty
 * @param roots of both sides, while connected
 */
public record PeerStatus(
    NodeId node,
    String name,
    String address,
    boolean connected,
    long sinceMillis,
    long rttMicros,
    long bytesIn,
    long bytesOut,
    String lastError,
    String callsItself,
    String software,
    String twin,
    List<Root> roots) {
  public PeerStatus {
    roots = List.copyOf(roots);
  }

  /** One root of either side. */
  public record Root(String name, Match match) {}

  /** Where a root is. */
  public enum Match {
    ON_BOTH,
    MISSING_THERE,
    MISSING_HERE
  }
}
