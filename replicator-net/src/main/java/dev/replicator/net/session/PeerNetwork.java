package dev.replicator.net.session;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.Limits;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.Pins;
import dev.replicator.net.identity.Tls;
import dev.replicator.port.ArbiterLink;
import dev.replicator.port.ArbiterSeat;
import dev.replicator.port.Clock;
import dev.replicator.port.PeerLink;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The connections of this node with all of its peers: one thread, one TCP connection per peer, and
 * over it one session per root that both have.
 *
 * <p>Give each root its {@link #link} and let it listen, {@link #put} the peers, then {@link
 * #start}; roots and peers may also come and go later.
 */
public final class PeerNetwork implements ArbiterLink, AutoCloseable {
  private static final long ANSWER_MILLIS_MAX = 1_000;

  /**
   * What a node says of itself and where it listens.
   *
   * @param software name and version, shown to peers
   */
  public record Settings(String name, Address listen, String software, SessionTimes times) {
    public Settings {
      ControlCodec.name(name);
      ControlCodec.name(software);
    }
  }

  /** Takes what peers tell about the cluster. Called from the network thread; must only enqueue. */
  public interface Listener {
    /** {@code from}, which is trusted, knows {@code peer}; told again on every connection. */
    void learned(NodeId from, Peer peer);

    /** A session began or ended, or an attempt failed for another reason than the one before. */
    default void changed(PeerStatus status) {}
  }

  private final Settings settings;
  private final Pins pins;
  private final MessageCodec codec;
  private final Sockets sockets;
  private final Mesh mesh;
  private final Map<String, RootLink> links = new ConcurrentHashMap<>();
  private @Nullable Channel listening;

  public PeerNetwork(
      Settings settings,
      Tls tls,
      Pins pins,
      MessageCodec codec,
      Clock clock,
      Listener listener,
      InboundPairing pairing) {
    this.settings = settings;
    this.pins = pins;
    this.codec = codec;
    sockets = new Sockets(tls, pairing, settings.times());
    mesh =
        new Mesh(
            settings, tls, clock, listener, pairing, sockets, new java.security.SecureRandom());
    sockets.serve(mesh);
    pins.onRemoved(node -> execute(() -> mesh.remove(node)));
  }

  /** The link of the root called {@code root}; it is offered to peers once it listens. */
  public PeerLink link(String root) {
    if (links.size() >= Limits.ROOTS_MAX) {
      throw new IllegalStateException("more than " + Limits.ROOTS_MAX + " roots");
    }
    ControlCodec.rootNames(List.of(root));
    return links.computeIfAbsent(root, name -> new RootLink(name, codec, mesh, sockets.executor()));
  }

  /** Takes a root away from all peers; its listener hears of every session that ends by it. */
  public void removeLink(String root) {
    if (links.remove(root) != null) {
      execute(() -> mesh.removeRoot(root));
    }
  }

  /** Has {@code seat} decide for pairs of peers. */
  public void decideBy(ArbiterSeat seat) {
    mesh.fences().decideBy(seat);
  }

  /** Over the session with {@code arbiter}; never from the network thread. */
  @Override
  public FenceAnswer ask(NodeId arbiter, FenceRequest request, Duration patience) {
    if (sockets.isNetworkThread()) {
      throw new IllegalStateException("asked from the network thread");
    }
    CompletableFuture<FenceAnswer> answer = new CompletableFuture<>();
    CompletableFuture<Long> id = new CompletableFuture<>();
    execute(() -> id.complete(mesh.ask(arbiter, request, answer)));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      execute(() -> id.thenAccept(mesh.fences()::forget));
      return FenceAnswer.notAble("no answer within " + patience.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FenceAnswer.notAble("the daemon is stopping");
    }
  }

  /** Listens and begins to dial. */
  public void start() throws ListenException {
    listening = sockets.listen(settings.listen());
    execute(mesh::start);
  }

  /** Where this node listens, its port resolved. */
  public Address address() {
    Channel channel = listening;
    if (channel == null) {
      throw new IllegalStateException("the network is not started");
    }
    return new Address(
        settings.listen().host(), ((java.net.InetSocketAddress) channel.localAddress()).getPort());
  }

  /** Trusts {@code peer} and dials it; a known one gets the new name and address. */
  public void put(Peer peer) {
    if (peer.node().equals(sockets.self())) {
      throw new IllegalArgumentException("a node is no peer of itself");
    }
    if (pins.all().size() >= Limits.PEERS_MAX && !pins.contains(peer.node())) {
      throw new IllegalArgumentException("more than " + Limits.PEERS_MAX + " peers");
    }
    pins.add(peer.node());
    execute(() -> mesh.put(peer));
  }

  /**
   * Limits what content of files goes to a known peer, from now on and over all roots together;
   * nothing else waits for it. Without {@code bytesPerSecond} there is no limit.
   */
  public void limit(NodeId node, OptionalLong bytesPerSecond) {
    execute(() -> mesh.limit(node, bytesPerSecond));
  }

  /** No longer trusts {@code node}; its session ends. */
  public void remove(NodeId node) {
    pins.remove(node);
  }

  public List<Peer> peers() {
    return ask(mesh::peers);
  }

  /** One line per peer, ordered by node id. */
  public List<PeerStatus> status() {
    return ask(mesh::status);
  }

  /** Completes once the network thread has done what it was asked before; never when it is gone. */
  public CompletableFuture<Void> pulse() {
    try {
      return CompletableFuture.runAsync(() -> {}, sockets.executor());
    } catch (RejectedExecutionException closed) {
      return new CompletableFuture<>();
    }
  }

  /** Says goodbye and ends; returns within a second. */
  @Override
  public void close() {
    Channel channel = listening;
    if (channel != null) {
      channel.close();
    }
    ask(() -> {
      mesh.stop();
      return List.of();
    });
    sockets.close();
  }

  private void execute(Runnable task) {
    try {
      sockets.executor().execute(task);
    } catch (RejectedExecutionException e) {
      // Closed: nothing is left that the task could change.
    }
  }

  private <T> List<T> ask(Callable<List<T>> question) {
    if (sockets.isNetworkThread()) {
      throw new IllegalStateException("asked from the network thread");
    }
    try {
      return sockets.executor().submit(question).get(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException | TimeoutException e) {
      return List.of();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
