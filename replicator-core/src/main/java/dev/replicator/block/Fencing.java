package dev.replicator.block;

import java.time.Duration;
import java.util.List;

/** What happens to the peer when the link is lost while both are primary. */
public sealed interface Fencing {
  /** What DRBD has to find when the link is lost: without it both nodes freeze and are reset. */
  List<String> programs();

  /**
   * Nothing. Any link loss in dual primary is then a split brain, even without a write: DRBD makes
   * a new generation on both at once (transcripts 13 and 14).
   *
   * @param confirmed that the administrator said so in the configuration
   */
  record Off(boolean confirmed) implements Fencing {
    @Override
    public List<String> programs() {
      return List.of();
    }
  }

  /**
   * I/O freezes until a handler has asked the daemon who goes on: always the same node, whoever
   * asks. The other one stays frozen until its o2hb resets it, a minute later; if the survivor
   * itself dies, a person has to.
   *
   * @param survivor its name
   * @param handler the script that DRBD calls
   * @param socket the daemon's, which the script asks
   * @param deadline after which the script gives up, and I/O stays frozen
   */
  record Preferred(String survivor, String handler, String socket, Duration deadline)
      implements Fencing {
    /** Where the handler of the distribution belongs. */
    public static final String HANDLER = "/usr/lib/replicator/fence-peer";

    public Preferred {
      Syntax.host(survivor);
      Syntax.path(handler);
      Syntax.path(socket);
      if (!deadline.isPositive() || deadline.toSeconds() > BlockLimits.FENCE_SECONDS_MAX) {
        throw new IllegalArgumentException(
            "the deadline of fencing must be from 1 to " + BlockLimits.FENCE_SECONDS_MAX + " s");
      }
    }

    @Override
    public List<String> programs() {
      return handler.equals(HANDLER) ? List.of(handler, "/usr/bin/curl") : List.of(handler);
    }
  }
}
