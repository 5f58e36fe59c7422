package dev.replicator.net.session;

import dev.replicator.net.identity.KeyText;
import dev.replicator.port.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who keeps the session where another run of a peer's daemon comes to this node. Mostly the peer
 * was started again, and the session is that of a process that is gone. But where that still
 * answers, a machine was copied with its key: then it stays, and the newcomer is refused, so that
 * the two do not throw each other out in turn. Of the network thread.
 */
final class Contests {
  private static final Logger LOG = LoggerFactory.getLogger(Contests.class);

  private final SessionTimes times;
  private final Clock clock;
  private final Mesh mesh;
  private final Consumer<Remote> changed;

  Contests(Mesh mesh, SessionTimes times, Clock clock, Consumer<Remote> changed) {
    this.mesh = mesh;
    this.times = times;
    this.clock = clock;
    this.changed = changed;
  }

  /** Whether {@code newcomer}, which has opened, has to wait, or was refused. */
  boolean take(Remote remote, Connection newcomer) {
    Connection live = remote.live;
    if (live == null || live.theirs().instance() == newcomer.theirs().instance()) {
      return false;
    }
    if (remote.contest != null) {
      newcomer.refuse(
          Ending.SUPERSEDED, Control.Refusal.DUPLICATE, "another connection is on its way");
      return true;
    }
    if (!live.probe()) {
      // Nothing is read of it, so nothing would be heard.
      return false;
    }
    Contest contest = new Contest(newcomer);
    remote.contest = contest;
    newcomer
        .channel
        .eventLoop()
        .schedule(() -> admit(remote, contest), times.probeMillis(), TimeUnit.MILLISECONDS);
    return true;
  }

  /** Whether {@code ready} is kept until it is known whether its connection may stay. */
  boolean holds(Remote remote, Connection connection, Control.Ready ready) {
    Contest contest = remote.contest;
    if (contest == null || contest.newcomer != connection) {
      return false;
    }
    if (contest.ready != null) {
      throw new Violation("a second READY frame");
    }
    contest.ready = ready;
    return true;
  }

  /** The session of {@code remote} answers. */
  void answered(Remote remote, Connection connection) {
    Contest contest = remote.contest;
    Connection live = remote.live;
    if (contest == null || live != connection) {
      return;
    }
    remote.contest = null;
    Connection newcomer = contest.newcomer;
    boolean told = remote.hasTwin(clock.wallMillis());
    remote.twin = place(live) + " and " + place(newcomer);
    remote.twinSeenMillis = clock.wallMillis();
    if (!told) {
      LOG.error(
          "peer={} two daemons run with the key {}, at {}: stop the one that is a copy",
          remote.peer.name(),
          KeyText.print(remote.peer.node()),
          remote.twin);
      changed.accept(remote);
    }
    newcomer.refuse(
        Ending.SUPERSEDED,
        Control.Refusal.TWIN,
        "another daemon with the key of this node is connected there: was this machine copied?");
  }

  private static String place(Connection connection) {
    return String.valueOf(connection.channel.remoteAddress()).replace("/", "");
  }

  /** A connection of {@code remote}, which was the session or not, has ended. */
  void ended(Remote remote, Connection connection, boolean wasLive) {
    Contest contest = remote.contest;
    if (contest == null) {
      return;
    }
    if (contest.newcomer == connection) {
      remote.contest = null;
    } else if (wasLive) {
      // Once all have heard of the end.
      connection.channel.eventLoop().execute(() -> admit(remote, contest));
    }
  }

  private void admit(Remote remote, Contest contest) {
    if (remote.contest != contest) {
      return;
    }
    remote.contest = null;
    Connection newcomer = contest.newcomer;
    // A peer that is removed takes all of its connections with it.
    if (newcomer.isOpen()) {
      mesh.welcome(remote, newcomer);
    }
    Control.Ready ready = contest.ready;
    if (ready != null && newcomer.isOpen()) {
      try {
        mesh.ready(newcomer, ready);
      } catch (Violation broken) {
        newcomer.end(Ending.RULE_BROKEN, Failure.describe(broken));
      }
    }
  }
}
