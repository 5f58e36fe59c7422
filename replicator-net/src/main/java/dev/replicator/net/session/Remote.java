package dev.replicator.net.session;

import io.netty.util.concurrent.Future;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One configured peer and what is going on with it. Of the network thread. */
final class Remote {
  Peer peer;

  /** The one connection that carries messages. */
  @Nullable Connection live;

  /** A connection that this node, the smaller of the two, has said yes to. */
  @Nullable Connection offered;

  /** Our own attempt, from its dial to its session. */
  @Nullable Connection dialled;

  /** Between the wish to dial and a channel: a name is looked up, or TCP connects. */
  boolean reaching;

  @Nullable Future<?> nextDial;
  final Backoff dialling;

  final Backoff penalty;
  long penaltyUntilNanos;
  boolean penalised;

  /** No longer one of the peers; tasks that still hold it do nothing. */
  boolean removed;

  /** Of bulk to this peer, over all of its sessions. */
  final Pace pace = new Pace();

  /** Sessions with this peer since this daemon started. */
  long sessions;

  /** Earlier instances of the peer's daemon: one that comes back has a twin. */
  final Set<Long> formerInstances = new LinkedHashSet<>();

  long sinceMillis;
  long bytesIn;
  long bytesOut;
  long rttNanos;
  int addressTurn;
  String seenAddress = "";
  String lastError = "";
  String software = "";

  Remote(Peer peer, SessionTimes times, RandomGenerator random, long nowMillis) {
    this.peer = peer;
    this.sinceMillis = nowMillis;
    dialling = new Backoff(times.backoffMillisMin(), times.backoffMillisMax(), random);
    penalty = new Backoff(times.backoffMillisMin(), times.backoffMillisMax(), random);
  }

  /** Whether there is none, and nothing on its way that could become one. */
  boolean mayBeDialled() {
    return live == null && dialled == null && !reaching && !removed && !peer.address().isEmpty();
  }

  void retire(long instance) {
    if (formerInstances.size() >= SessionLimits.INSTANCES_REMEMBERED_MAX) {
      formerInstances.remove(formerInstances.iterator().next());
    }
    formerInstances.add(instance);
  }

  void cancelDial() {
    Future<?> pending = nextDial;
    if (pending != null) {
      pending.cancel(false);
      nextDial = null;
    }
  }
}
