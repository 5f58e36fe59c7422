package dev.replicator.block;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What happens to the peer when the link is lost while both are primary. */
public sealed interface Fencing {
  /** What DRBD has to find when the link is lost: without it both nodes freeze and are reset. */
  default List<String> programs() {
    return calls().map(Handler::programs).orElseGet(List::of);
  }

  /**
   * Nothing. Any link loss in dual primary is then a split brain, even without a write: DRBD makes
   * a new generation on both at once (transcripts 13 and 14).
   *
   * @param confirmed that the administrator said so in the configuration
   */
  record Off(boolean confirmed) implements Fencing {}

  /**
   * How DRBD reaches its daemon when the link is lost.
   *
   * @param program the script that DRBD calls
   * @param socket the daemon's, which the script asks
   * @param deadline after which the script gives up, and I/O stays frozen
   */
  record Handler(String program, String socket, Duration deadline) {
    /** Where the one of the distribution belongs. */
    public static final String PROGRAM = "/usr/lib/replicator/fence-peer";

    public Handler {
      Syntax.path(program);
      Syntax.path(socket);
      if (!deadline.isPositive() || deadline.toSeconds() > BlockLimits.FENCE_SECONDS_MAX) {
        throw new IllegalArgumentException(
            "the deadline of fencing must be from 1 to " + BlockLimits.FENCE_SECONDS_MAX + " s");
      }
    }

    Handler asking(String other) {
      return new Handler(program, other, deadline);
    }

    List<String> programs() {
      return program.equals(PROGRAM) ? List.of(program, "/usr/bin/curl") : List.of(program);
    }
  }

  /** The same, with a handler that asks at {@code socket}. */
  default Fencing asking(String socket) {
    return switch (this) {
      case Off off -> off;
      case Preferred(String survivor, Handler handler) ->
          new Preferred(survivor, handler.asking(socket));
      case Arbitrated(String arbiter, Handler handler) ->
          new Arbitrated(arbiter, handler.asking(socket));
    };
  }

  /** The handler, where there is one. */
  default Optional<Handler> calls() {
    return switch (this) {
      case Off _ -> Optional.empty();
      case Preferred preferred -> Optional.of(preferred.handler());
      case Arbitrated arbitrated -> Optional.of(arbitrated.handler());
    };
  }

  /**
   * I/O freezes until a handler has asked the daemon who goes on: always the same node, whoever
   * asks. The other one stays frozen until its o2hb resets it, a minute later; if the survivor
   * itself dies, a person has to.
   *
   * @param survivor its name
   */
  record Preferred(String survivor, Handler handler) implements Fencing {
    public Preferred {
      Syntax.host(survivor);
    }
  }

  /**
   * I/O freezes until the daemon has asked a third node who goes on: the first to ask, until both
   * are whole again (decision 0012).
   *
   * @param arbiter its name among the peers of this node
   */
  record Arbitrated(String arbiter, Handler handler) implements Fencing {
    /** The script asks again after a second; so one answer that was lost costs little. */
    private static final Duration PATIENCE_MAX = Duration.ofSeconds(4);

    public Arbitrated {
      if (arbiter.isBlank()) {
        throw new IllegalArgumentException("an arbiter needs a name");
      }
    }

    /** For how long one question waits: less than the script does, and that less than DRBD. */
    Duration patience() {
      Duration most = handler.deadline().multipliedBy(3).dividedBy(4);
      return most.compareTo(PATIENCE_MAX) < 0 ? most : PATIENCE_MAX;
    }
  }
}
