package dev.replicator.net.session;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When which peer is dialled: at once, after a wait that grows, or not at all. */
final class Dialling {
  private static final Logger LOG = LoggerFactory.getLogger(Dialling.class);

  private final Sockets sockets;
  private final SessionTimes times;
  private final Consumer<Remote> changed;
  private boolean running;

  Dialling(Sockets sockets, SessionTimes times, Consumer<Remote> changed) {
    this.changed = changed;
    this.sockets = sockets;
    this.times = times;
  }

  void start() {
    running = true;
  }

  void stop() {
    running = false;
  }

  void now(Remote remote) {
    remote.cancelDial();
    if (running && remote.mayBeDialled() && remote.offered == null) {
      remote.reaching = true;
      sockets.dial(remote);
    }
  }

  /** No connection came of it. */
  void failed(Remote remote, String reason) {
    remote.reaching = false;
    if (note(remote, reason)) {
      changed.accept(remote);
    }
    remote.dialling.failed();
    later(remote, remote.dialling.nextMillis());
  }

  /** A connection with {@code remote} has ended. */
  void after(Remote remote, Connection connection, boolean wasLive, boolean wasOurs) {
    Ending ending = connection.ending();
    boolean news =
        ending != Ending.SUPERSEDED
            && ending != Ending.OURS
            && note(remote, connection.endingText());
    if (wasLive || news) {
      changed.accept(remote);
    }
    if (wasOurs
        && ending == Ending.ITSELF
        && connection.channel.remoteAddress() instanceof InetSocketAddress address) {
      remote.foundItselfAt(address, System.nanoTime());
    }
    if (ending == Ending.RULE_BROKEN) {
      punish(remote, connection, wasLive);
    }
    if (!wasLive && !wasOurs) {
      // Theirs, and it came to nothing: our own plans stay as they are.
      later(remote, remote.dialling.nextMillis());
      return;
    }
    if (!wasLive) {
      remote.dialling.failed();
    }
    later(
        remote,
        switch (ending) {
          case PEER_STOPPED, RENEWED -> 0;
          case LOST, SUPERSEDED, OURS, ITSELF -> remote.dialling.nextMillis();
          case RULE_BROKEN -> remote.penalty.boundMillis();
          case UNWELCOME -> remote.dialling.boundMillis();
        });
  }

  private void punish(Remote remote, Connection connection, boolean wasLive) {
    long now = System.nanoTime();
    LOG.warn("peer={} {}", remote.peer.name(), connection.endingText());
    long provenNanos = TimeUnit.MILLISECONDS.toNanos(times.provenMillis());
    if (wasLive && now - connection.liveSinceNanos() > provenNanos) {
      remote.penalty.reset();
    }
    remote.penalty.failed();
    remote.penalised = true;
    remote.penaltyUntilNanos = now + TimeUnit.MILLISECONDS.toNanos(remote.penalty.boundMillis());
  }

  private void later(Remote remote, long millis) {
    if (running && remote.mayBeDialled() && remote.nextDial == null) {
      remote.nextDial = sockets.later(() -> now(remote), millis);
    }
  }

  /** Keeps why there is no session; false when that is no news. */
  private static boolean note(Remote remote, String error) {
    if (remote.lastError.equals(error)) {
      return false;
    }
    LOG.info("peer={} no session: {}", remote.peer.name(), error);
    remote.lastError = error;
    return true;
  }
}
