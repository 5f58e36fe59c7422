package dev.replicator.net.session;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceRequest;
import java.util.List;

/** What two daemons say about their connection, apart from what they say about a root. */
sealed interface Control {
  /**
   * @param instance drawn when the sender's daemon started
   * @param lastSession the last session that the sender has had with the receiver, by its own count
   */
  record Open(
      int versionFrom,
      int versionTo,
      int versionMinor,
      String name,
      String software,
      int frameBytesMax,
      long instance,
      long lastSession)
      implements Control {}

  record Ready(int version, long session) implements Control {}

  record Refused(Refusal reason, String text) implements Control {}

  record Goodbye(Farewell reason, String text) implements Control {}

  record Ping(long token) implements Control {}

  record Pong(long token) implements Control {}

  record Roots(List<String> names) implements Control {
    public Roots {
      names = List.copyOf(names);
    }
  }

  record Members(List<Peer> peers) implements Control {
    public Members {
      peers = List.copyOf(peers);
    }
  }

  /** A question to the arbiter of a pair; the answer has its id. */
  record Fence(long id, FenceRequest request) implements Control {}

  record FenceAnswered(long id, FenceAnswer answer) implements Control {}

  /** Why a connection does not become a session. */
  enum Refusal {
    OTHER,
    VERSION,
    DUPLICATE,
    PENALTY,
    TWIN
  }

  /** Why a session ends. */
  enum Farewell {
    OTHER,
    STOPPING,
    REMOVED,
    ROOTS_CHANGED,
    RULE_BROKEN
  }
}
