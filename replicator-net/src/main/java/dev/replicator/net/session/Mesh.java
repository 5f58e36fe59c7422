package dev.replicator.net.session;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.Limits;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.AnotherKeyException;
import dev.replicator.net.identity.Tls;
import dev.replicator.port.Clock;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All peers, which connection with each of them stays, and which roots it carries. Of the network
 * thread.
 *
 * <p>The node with the smaller id alone decides which connection of a pair becomes the session, so
 * that the two can never each keep another one.
 */
final class Mesh {
  private static final Logger LOG = LoggerFactory.getLogger(Mesh.class);
  private static final int VERSION = 1;
  private static final int VERSION_MINOR = RootLink.CHUNK_AHEAD_VERSION_MINOR;

  private final PeerNetwork.Settings settings;
  private final Tls tls;
  private final Clock clock;
  private final PeerNetwork.Listener listener;
  private final InboundPairing pairing;
  private final Dialling dialling;
  private final RandomGenerator random;
  private final long instance;
  private final Fences fences = new Fences();
  private final Contests contests;
  private final Map<NodeId, Remote> remotes = new TreeMap<>();
  private final Map<String, RootLink> roots = new TreeMap<>();
  private final Set<Connection> connections = new LinkedHashSet<>();
  private boolean running;

  Mesh(
      PeerNetwork.Settings settings,
      Tls tls,
      Clock clock,
      PeerNetwork.Listener listener,
      InboundPairing pairing,
      Sockets sockets,
      RandomGenerator random) {
    this.settings = settings;
    this.tls = tls;
    this.clock = clock;
    this.listener = listener;
    this.pairing = pairing;
    dialling = new Dialling(sockets, settings.times(), this::changed);
    contests = new Contests(this, settings.times(), clock, this::changed);
    this.random = random;
    this.instance = random.nextLong();
  }

  void start() {
    running = true;
    dialling.start();
    remotes.values().forEach(dialling::now);
  }

  /** Says goodbye to everybody; nothing begins any more. */
  void stop() {
    running = false;
    dialling.stop();
    remotes.values().forEach(Remote::cancelDial);
    for (Connection connection : List.copyOf(connections)) {
      connection.dismiss(Ending.OURS, Control.Farewell.STOPPING, "the daemon stops");
    }
  }

  void put(Peer peer) {
    Remote known = remotes.get(peer.node());
    if (known == null) {
      known = new Remote(peer, settings.times(), random, clock.wallMillis());
      remotes.put(peer.node(), known);
    } else if (known.peer.equals(peer)) {
      return;
    }
    known.peer = peer;
    known.forgetAddresses();
    if (running) {
      known.dialling.reset();
      dialling.now(known);
      tellMembers();
    }
  }

  /** At most so fast goes bulk to {@code node}, all roots together. */
  void limit(NodeId node, OptionalLong bytesPerSecond) {
    Remote remote = remotes.get(node);
    if (remote == null) {
      return;
    }
    remote.pace.limit(bytesPerSecond, System.nanoTime());
    Connection live = remote.live;
    if (live != null) {
      live.paceBy(remote.pace);
    }
  }

  void remove(NodeId node) {
    Remote remote = remotes.remove(node);
    if (remote == null) {
      return;
    }
    remote.removed = true;
    remote.cancelDial();
    for (Connection connection : List.copyOf(connections)) {
      if (connection.isOf(node)) {
        connection.dismiss(Ending.OURS, Control.Farewell.REMOVED, "this node was removed there");
      }
    }
    tellMembers();
  }

  Fences fences() {
    return fences;
  }

  /** Asks {@code arbiter} over the session with it, if there is one; the id of the question. */
  long ask(NodeId arbiter, FenceRequest request, CompletableFuture<FenceAnswer> future) {
    Remote remote = remotes.get(arbiter);
    return fences.ask(remote == null ? null : remote.live, request, future);
  }

  List<Peer> peers() {
    return remotes.values().stream().map(remote -> remote.peer).toList();
  }

  void listening(RootLink root) {
    roots.put(root.name(), root);
    for (Remote remote : remotes.values()) {
      Connection live = remote.live;
      if (live != null) {
        live.nameRoots(List.of(root.name()));
        match(live, root.name());
      }
    }
  }

  void removeRoot(String name) {
    for (Remote remote : remotes.values()) {
      Connection live = remote.live;
      if (live != null && live.ourRoots().contains(name)) {
        live.dismiss(Ending.RENEWED, Control.Farewell.ROOTS_CHANGED, "root " + name + " left");
      }
    }
    // Last, so that its listener has heard of the sessions that ended.
    roots.remove(name);
  }

  /** A channel exists: until it ends the mesh knows of the connection. */
  void begun(Connection connection) {
    connections.add(connection);
  }

  /** A channel to a peer stands; false when it is not wanted any more. */
  boolean dialled(Remote remote, Connection connection) {
    if (!running || remote.live != null || remote.removed) {
      return false;
    }
    remote.dialled = connection;
    begun(connection);
    return true;
  }

  void pairing(Connection connection, NodeId joiner) {
    connections.remove(connection);
    InetSocketAddress from = (InetSocketAddress) connection.channel.remoteAddress();
    pairing.accepted(connection.channel.pipeline(), joiner, from);
  }

  /** Why {@code connection} was not secured. */
  String describe(Throwable failure, Connection connection) {
    if (!(failure instanceof AnotherKeyException another)) {
      return Failure.describe(failure);
    }
    Remote found = remotes.get(another.found());
    String name = found == null ? "" : found.peer.name();
    return remotes.values().stream()
        .filter(remote -> remote.dialled == connection)
        .map(remote -> Failure.another(remote.peer, another.found(), name))
        .findFirst()
        .orElse(Failure.describe(failure));
  }

  /** The key of the other side is proven; here its pin is looked at once more. */
  void secured(Connection connection, Traffic traffic) {
    NodeId node = connection.node();
    Remote remote = remotes.get(node);
    if (!running || remote == null || !tls.trusts(node)) {
      connection.end(Ending.OURS, Tls.untrusted(node));
      return;
    }
    connection.proven();
    traffic.countFor(remote);
    if (connection.side == Connection.Side.DIALLED && remote.live != null) {
      connection.end(Ending.SUPERSEDED, "another connection was faster");
      return;
    }
    if (connection.channel.remoteAddress() instanceof InetSocketAddress from) {
      remote.seenAddress = from.getAddress().getHostAddress();
    }
    connection.sendControl(
        new Control.Open(
            VERSION,
            VERSION,
            VERSION_MINOR,
            settings.name(),
            settings.software(),
            Limits.FRAME_BYTES_MAX,
            instance,
            remote.sessions));
  }

  void opened(Connection connection, Control.Open open) {
    Remote remote = known(connection);
    if (open.versionFrom() > VERSION || open.versionTo() < VERSION) {
      connection.refuse(
          Ending.UNWELCOME,
          Control.Refusal.VERSION,
          "%s speaks protocol %d to %d (%s), %s speaks %d (%s): bring both to one release"
              .formatted(
                  open.name(),
                  open.versionFrom(),
                  open.versionTo(),
                  open.software(),
                  settings.name(),
                  VERSION,
                  settings.software()));
      return;
    }
    if (remote.penalised && System.nanoTime() - remote.penaltyUntilNanos < 0) {
      connection.refuse(
          Ending.UNWELCOME, Control.Refusal.PENALTY, "a rule was broken a moment ago");
      return;
    }
    if (!decides(connection)) {
      connection.offer();
    }
    if (!contests.take(remote, connection)) {
      welcome(remote, connection);
    }
  }

  /** Goes on with {@code connection}, which has opened and is of no other run than the session. */
  void welcome(Remote remote, Connection connection) {
    if (!decides(connection)) {
      return;
    }
    Optional<String> objection = objection(remote, connection, connection.theirs());
    if (objection.isPresent()) {
      connection.refuse(Ending.SUPERSEDED, Control.Refusal.DUPLICATE, objection.get());
      return;
    }
    Connection replaced = remote.offered;
    if (replaced != null) {
      replaced.end(Ending.SUPERSEDED, "the peer started again");
    }
    remote.offered = connection;
    connection.offer();
    connection.sendControl(new Control.Ready(VERSION, 0));
  }

  /** Why {@code connection}, freshly opened, is one too many; of the node that decides. */
  private Optional<String> objection(Remote remote, Connection connection, Control.Open open) {
    Connection live = remote.live;
    if (live != null) {
      boolean sameRun = open.instance() == live.theirs().instance();
      if (sameRun && open.lastSession() < live.theirSession()) {
        return Optional.of("a session stands already");
      }
      // The peer opens again after it has had the live one: it knows that one to be dead.
    }
    Connection offered = remote.offered;
    if (offered != null && offered.theirs().instance() == open.instance()) {
      return Optional.of("another connection is on its way");
    }
    Connection dialled = remote.dialled;
    if (live == null && dialled != null && dialled != connection && dialled.isSecured()) {
      return Optional.of("the connection dialled from here stays");
    }
    return Optional.empty();
  }

  void ready(Connection connection, Control.Ready ready) {
    Remote remote = known(connection);
    if (contests.holds(remote, connection, ready)) {
      return;
    }
    if (ready.version() != VERSION) {
      throw new Violation("a session of version " + ready.version());
    }
    remote.sessions++;
    if (decides(connection)) {
      if (remote.offered != connection) {
        throw new Violation("a READY frame without an offer");
      }
      remote.offered = null;
    } else {
      connection.sendControl(new Control.Ready(VERSION, remote.sessions));
    }
    establish(remote, connection, ready.session());
  }

  private void establish(Remote remote, Connection connection, long theirSession) {
    Connection before = remote.live;
    if (before != null) {
      remote.live = null;
      LOG.info("peer={} a new connection replaces the old one", remote.peer.name());
      detach(before);
      before.end(Ending.SUPERSEDED, "a newer connection stays");
    }
    Connection dialled = remote.dialled;
    remote.dialled = null;
    remote.live = connection;
    if (dialled != null && dialled != connection) {
      dialled.end(Ending.SUPERSEDED, "another connection was faster");
    }
    remote.cancelDial();
    remote.dialling.reset();
    remote.penalised = false;
    remote.callsItself = connection.theirs().name();
    remote.software = connection.theirs().software();
    remote.sinceMillis = clock.wallMillis();
    LOG.info(
        "peer={} connected from={} {} software={}",
        remote.peer.name(),
        connection.channel.remoteAddress(),
        connection.side,
        remote.software);
    connection.paceBy(remote.pace);
    connection.goLive(theirSession);
    connection.nameRoots(List.copyOf(roots.keySet()));
    connection.sendControl(new Control.Members(membersFor(remote)));
    changed(remote);
  }

  void rootsNamed(Connection connection, List<String> names) {
    if (connection.theirRoots().size() + names.size() > Limits.ROOTS_MAX) {
      throw new Violation("more than " + Limits.ROOTS_MAX + " roots");
    }
    for (String name : names) {
      if (connection.theirRoots().contains(name)) {
        throw new Violation("a root named twice");
      }
      connection.theirRoots().add(name);
      match(connection, name);
    }
  }

  /** Tells the root that it is on both sides, once that is so. */
  private void match(Connection connection, String name) {
    RootLink root = roots.get(name);
    int place = connection.ourRoots().indexOf(name);
    if (root != null
        && place >= 0
        && connection.isOpen()
        && connection.theirRoots().contains(name)
        && !root.isConnected(connection)) {
      root.connected(connection, place);
    }
  }

  void received(Connection connection, Frame frame) {
    if (frame.root() >= connection.theirRoots().size()) {
      throw new Violation("a message about a root without a name");
    }
    RootLink root = roots.get(connection.theirRoots().get(frame.root()));
    if (root == null) {
      throw new Violation("a message about a root that is not shared");
    }
    root.received(connection, frame.body());
  }

  void membersNamed(Connection connection, List<Peer> peers) {
    for (Peer peer : peers) {
      if (!peer.node().equals(tls.self()) && !connection.isOf(peer.node())) {
        listener.learned(connection.node(), peer);
      }
    }
  }

  void answered(Connection connection, long nanos) {
    Remote remote = known(connection);
    contests.answered(remote, connection);
    // The first pings meet code that was never run: what is faster counts at once.
    boolean faster = remote.rttNanos == 0 || nanos < remote.rttNanos;
    remote.rttNanos = faster ? nanos : (7 * remote.rttNanos + nanos) / 8;
  }

  /** The end of a connection, in whatever stage it was. */
  void ended(Connection connection) {
    connections.remove(connection);
    fences.ended(connection);
    for (Remote remote : List.copyOf(remotes.values())) {
      boolean wasLive = remote.live == connection;
      boolean wasOurs = remote.dialled == connection;
      if (remote.offered == connection) {
        remote.offered = null;
      }
      if (wasOurs) {
        remote.dialled = null;
      }
      if (wasLive) {
        remote.live = null;
        remote.sinceMillis = clock.wallMillis();
        LOG.info("peer={} disconnected: {}", remote.peer.name(), connection.endingText());
      }
      contests.ended(remote, connection, wasLive);
      if (wasLive || wasOurs || connection.isOf(remote.peer.node())) {
        dialling.after(remote, connection, wasLive, wasOurs);
      }
    }
    detach(connection);
  }

  private void detach(Connection connection) {
    if (connection.wasLive()) {
      roots.values().forEach(root -> root.disconnected(connection));
    }
  }

  private void tellMembers() {
    for (Remote remote : remotes.values()) {
      Connection live = remote.live;
      if (live != null) {
        live.sendControl(new Control.Members(membersFor(remote)));
      }
    }
  }

  private List<Peer> membersFor(Remote receiver) {
    return remotes.values().stream()
        .filter(remote -> remote != receiver)
        .map(remote -> remote.peer)
        .toList();
  }

  List<PeerStatus> status() {
    return remotes.values().stream()
        .map(remote -> StatusReport.of(remote, roots.keySet(), clock.wallMillis()))
        .toList();
  }

  private void changed(Remote remote) {
    listener.changed(StatusReport.of(remote, roots.keySet(), clock.wallMillis()));
  }

  void dialFailed(Remote remote, String reason) {
    dialling.failed(remote, reason);
  }

  /** The node with the smaller id decides. */
  private boolean decides(Connection connection) {
    return tls.self().compareTo(connection.node()) < 0;
  }

  private Remote known(Connection connection) {
    Remote remote = remotes.get(connection.node());
    if (remote == null) {
      throw new Violation("the peer was removed");
    }
    return remote;
  }
}
