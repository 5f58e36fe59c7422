package dev.replicator.block;

import java.time.Duration;

/** What happens to the peer when the link is lost while both are primary. */
public sealed interface Fencing {
  /**
   * Nothing. Any link loss in dual primary is then a split brain, even without a write: DRBD makes
   * a new generation on both at once (transcripts 13 and 14).
   *
   * @param confirmed that the administrator said so in the configuration
   */
  record Off(boolean confirmed) implements Fencing {}

  /**
   * I/O freezes until a handler has asked who goes on.
   *
   * @param survivor the rule by which one of the two is chosen
   * @param handler the script that DRBD calls
   * @param socket the daemon's, which the script asks
   * @param deadline after which the script gives up, and I/O stays frozen
   */
  record Arbitrated(Survivor survivor, String handler, String socket, Duration deadline)
      implements Fencing {
    public Arbitrated {
      Syntax.path(handler);
      Syntax.path(socket);
      if (!deadline.isPositive() || deadline.toSeconds() > BlockLimits.FENCE_SECONDS_MAX) {
        throw new IllegalArgumentException(
            "the deadline of fencing must be from 1 to " + BlockLimits.FENCE_SECONDS_MAX + " s");
      }
    }
  }

  /** Who decides. */
  sealed interface Survivor {
    /** Always the same node, whoever asks: the other one must be restarted by hand if it dies. */
    record Preferred(String node) implements Survivor {
      public Preferred {
        Syntax.host(node);
      }
    }

    /** A third node of replicator, which grants the first who asks. */
    record Asked(String node) implements Survivor {
      public Asked {
        Syntax.host(node);
      }
    }
  }
}
