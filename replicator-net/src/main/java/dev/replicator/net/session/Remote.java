package dev.replicator.net.session;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Another run of its daemon has come while there is a session. */
  @Nullable Contest contest;

  /** From where two daemons with its key came, and when that was seen last; "" before. */
  String twin = "";

  long twinSeenMillis;

  /** Where this node itself answered, and when that may be tried again. */
  private final Map<InetSocketAddress, Long> own = new LinkedHashMap<>();

  long sinceMillis;
  long bytesIn;
  long bytesOut;
  long rttNanos;
  private int addressTurn;
  String seenAddress = "";
  String lastError = "";
  String callsItself = "";
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

  /** This node itself answered at {@code address}, as at that of a machine it took the place of. */
  void foundItselfAt(InetSocketAddress address, long nowNanos) {
    if (own.size() >= SessionLimits.OWN_ADDRESSES_MAX) {
      own.remove(own.keySet().iterator().next());
    }
    own.put(address, nowNanos + SessionLimits.OWN_ADDRESS_NANOS);
  }

  /** The next of {@code addresses} to be dialled; none when this node itself is at all of them. */
  Optional<InetSocketAddress> next(List<InetSocketAddress> addresses, long nowNanos) {
    own.values().removeIf(untilNanos -> untilNanos - nowNanos <= 0);
    List<InetSocketAddress> others =
        addresses.stream().filter(address -> !own.containsKey(address)).toList();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(others.get(Math.floorMod(addressTurn++, others.size())));
  }

  /** Another address is to be dialled: what came of the one before says nothing any more. */
  void forgetAddresses() {
    own.clear();
    lastError = "";
  }

  /** Whether two daemons with its key came a short while ago. */
  boolean hasTwin(long nowMillis) {
    return !twin.isEmpty() && nowMillis - twinSeenMillis < SessionLimits.TWIN_TOLD_MILLIS;
  }

  void cancelDial() {
    Future<?> pending = nextDial;
    if (pending != null) {
      pending.cancel(false);
      nextDial = null;
    }
  }
}
