package dev.replicator.cli.daemon;

import dev.replicator.cli.config.Bandwidth;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.HostPort;
import dev.replicator.cli.config.PeerBook;
import dev.replicator.cli.config.PeerConfig;
import dev.replicator.cli.config.PeerNames;
import dev.replicator.cli.config.PeerStore;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.control.NodeView;
import dev.replicator.cli.control.Version;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.codec.CodecException;
import dev.replicator.codec.WireCodec;
import dev.replicator.host.MachineClock;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Pins;
import dev.replicator.net.identity.Tls;
import dev.replicator.net.pairing.InvitationFiles;
import dev.replicator.net.pairing.PairingServer;
import dev.replicator.net.session.Address;
import dev.replicator.net.session.ListenException;
import dev.replicator.net.session.MessageCodec;
import dev.replicator.net.session.Peer;
import dev.replicator.net.session.PeerNetwork;
import dev.replicator.net.session.PeerStatus;
import dev.replicator.net.session.SessionTimes;
import dev.replicator.port.ArbiterLink;
import dev.replicator.port.ArbiterSeat;
import dev.replicator.port.Clock;
import dev.replicator.port.PeerLink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real network: TLS sessions with all peers, and pairing while an invitation is open. */
public final class MeshNetwork implements Network {
  private static final Logger LOG = LoggerFactory.getLogger(MeshNetwork.class);
  private static final Address ONE_SHOT_LISTEN = new Address("127.0.0.1", 0);
  private static final long WORKER_SECONDS_MAX = 1;

  private final Configuration configuration;
  private final NetworkFactory.Host host;
  private final PeerStore store;
  private final NodeKey key;
  private final ExecutorService worker;
  private final PeerNetwork mesh;
  private volatile PeerBook book;

  private MeshNetwork(
      Configuration configuration,
      StateDirectory state,
      PeerBook book,
      Daemon.Mode mode,
      NetworkFactory.Host host)
      throws Failure {
    this.configuration = configuration;
    this.host = host;
    this.book = book;
    store = new PeerStore(state.path());
    key = NodeIdentity.key(configuration, state);
    worker =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("pairing").daemon().factory());
    Clock clock = MachineClock.open();
    Pins pins = new Pins();
    PairingServer pairing =
        new PairingServer(
            key.node(),
            new Pairing(),
            new InvitationFiles(state.invitations()),
            (root, consumer) -> host.summary(root, item -> consumer.accept(TreeItems.item(item))),
            clock,
            worker);
    mesh =
        new PeerNetwork(
            new PeerNetwork.Settings(
                configuration.node().name(),
                listen(configuration, book, mode),
                "replicator " + Version.text(),
                SessionTimes.DEFAULT),
            new Tls(key, pins),
            pins,
            new Codec(),
            clock,
            (from, peer) -> worker.execute(() -> learn(from, peer)),
            pairing);
    book.peers().values().forEach(this::put);
  }

  /** One command is to be found only by peers that cannot be dialled. */
  private static Address listen(Configuration configuration, PeerBook book, Daemon.Mode mode) {
    boolean expected =
        switch (mode) {
          case SERVING -> true;
          case ONE_SHOT, DRY_RUN ->
              book.peers().values().stream().anyMatch(peer -> peer.address().isEmpty());
        };
    HostPort listen = configuration.node().listen();
    return expected ? new Address(listen.host(), listen.port()) : ONE_SHOT_LISTEN;
  }

  /** Makes networks of this kind. */
  public static NetworkFactory factory() {
    return MeshNetwork::new;
  }

  private void put(PeerConfig peer) {
    if (peer.key().equals(key.node())) {
      LOG.warn("{} names this node itself as a peer; left out", peer.where());
    } else {
      mesh.put(peer(peer));
      mesh.limit(
          peer.key(), peer.bandwidth().stream().mapToLong(Bandwidth::bytesPerSecond).findFirst());
    }
  }

  private static Peer peer(PeerConfig peer) {
    return new Peer(peer.name(), peer.address().map(HostPort::toString).orElse(""), peer.key());
  }

  static PeerConfig config(Peer peer, String where) {
    return new PeerConfig(
        PeerConfig.checkedName(peer.name()),
        peer.address().isEmpty()
            ? Optional.empty()
            : Optional.of(HostPort.parse(peer.address(), 1)),
        peer.node(),
        where);
  }

  /** On the worker. */
  private void learn(NodeId from, Peer peer) {
    if (peer.node().equals(key.node()) || book.peers().containsKey(peer.node())) {
      return;
    }
    try {
      PeerConfig named = names().give(config(peer, "learned"));
      if (store.learn(named)) {
        LOG.info("learned of peer {} from {}", named.name(), book.nameOf(from));
        tellName(peer, named);
        host.peersStored();
      }
    } catch (IOException | IllegalArgumentException failure) {
      LOG.error("cannot keep the peer {} that was learned: {}", peer.name(), failure.toString());
    }
  }

  private PeerNames names() {
    return book.holders().besides(configuration.node().name());
  }

  private static void tellName(Peer told, PeerConfig named) {
    if (!told.name().equals(named.name())) {
      LOG.warn("peer={} so it is called here, for the name {} is taken", named.name(), told.name());
    }
  }

  @Override
  public NodeId self() {
    return key.node();
  }

  @Override
  public PeerLink link(String root) {
    return mesh.link(root);
  }

  @Override
  public void start() throws Failure {
    try {
      mesh.start();
    } catch (ListenException refused) {
      throw new Failure(ExitCode.REFUSED, String.valueOf(refused.getMessage()), refused);
    }
  }

  @Override
  public String listening() {
    return mesh.address().toString();
  }

  @Override
  public void peersChanged(PeerBook fresh) {
    for (NodeId known : book.peers().keySet()) {
      if (!fresh.peers().containsKey(known)) {
        mesh.remove(known);
      }
    }
    book = fresh;
    fresh.peers().values().forEach(this::put);
  }

  @Override
  public List<NodeView.PeerView> peers() {
    PeerBook names = book;
    return mesh.status().stream()
        .map(status -> view(names, status))
        .sorted(Comparator.comparing(NodeView.PeerView::name))
        .toList();
  }

  @Override
  public Optional<NodeId> named(String name) {
    return book.named(name).map(PeerConfig::key);
  }

  @Override
  public ArbiterLink arbiters() {
    return mesh;
  }

  @Override
  public void decideBy(ArbiterSeat seat) {
    mesh.decideBy(seat);
  }

  @Override
  public CompletableFuture<Void> pulse() {
    return mesh.pulse();
  }

  private static NodeView.PeerView view(PeerBook names, PeerStatus status) {
    Optional<PeerConfig> known = Optional.ofNullable(names.peers().get(status.node()));
    String missing =
        String.join(
            ", ",
            status.roots().stream()
                .filter(root -> root.match() != PeerStatus.Match.ON_BOTH)
                .map(root -> root.name() + " is " + words(root.match()))
                .toList());
    String name = names.nameOf(status.node());
    return new NodeView.PeerView(
        name,
        status.node(),
        status.address(),
        status.connected(),
        detail(status, name, missing),
        status.rttMicros(),
        status.bytesIn(),
        status.bytesOut(),
        known.flatMap(PeerConfig::bandwidth),
        known.flatMap(PeerConfig::address).isEmpty(),
        status.twin());
  }

  /** Its name is what people call it here, whatever it calls itself: it may be renamed since. */
  static String detail(PeerStatus status, String name, String missing) {
    String twin =
        status.twin().isEmpty()
            ? ""
            : "two daemons use its key, at " + status.twin() + ": stop the one that is a copy";
    if (!status.connected()) {
      return joined(twin, status.lastError());
    }
    boolean renamed = !status.callsItself().isEmpty() && !status.callsItself().equals(name);
    boolean taken =
        PeerNames.wanted(name, status.node()).filter(status.callsItself()::equals).isPresent();
    String itself =
        renamed
            ? "calls itself " + status.callsItself() + (taken ? ", as another node did first" : "")
            : "";
    return joined(twin, itself, missing);
  }

  private static String joined(String... parts) {
    return Stream.of(parts).filter(words -> !words.isEmpty()).collect(Collectors.joining(", "));
  }

  private static String words(PeerStatus.Match match) {
    return switch (match) {
      case ON_BOTH -> "on both";
      case MISSING_THERE -> "missing there";
      case MISSING_HERE -> "missing here";
    };
  }

  @Override
  public void close() {
    mesh.close();
    worker.shutdown();
    try {
      if (!worker.awaitTermination(WORKER_SECONDS_MAX, TimeUnit.SECONDS)) {
        worker.shutdownNow();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** What this node tells to one that joins. */
  private final class Pairing implements PairingServer.Host {
    @Override
    public String name() {
      return configuration.node().name();
    }

    @Override
    public List<Peer> peers() {
      return book.peers().values().stream().map(MeshNetwork::peer).toList();
    }

    @Override
    public List<String> roots() {
      return configuration.roots().stream().map(RootConfig::name).toList();
    }

    @Override
    public void paired(Peer joiner) {
      PeerConfig named = names().give(config(joiner, "paired"));
      tellName(joiner, named);
      try {
        store.add(named);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      host.peersStored();
    }
  }

  /** Messages as protobuf. */
  static final class Codec implements MessageCodec {
    @Override
    public byte[] encode(Message message) {
      return WireCodec.encode(message);
    }

    @Override
    public Message decode(byte[] bytes) throws MalformedMessage {
      try {
        return WireCodec.decode(bytes);
      } catch (CodecException malformed) {
        throw new MalformedMessage(malformed.reason(), malformed);
      }
    }
  }
}
