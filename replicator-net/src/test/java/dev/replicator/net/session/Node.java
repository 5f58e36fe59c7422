package dev.replicator.net.session;

import dev.replicator.host.MachineClock;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Pins;
import dev.replicator.net.identity.Tls;
import dev.replicator.port.Clock;
import dev.replicator.port.PeerLink;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A whole network of one node on loopback, with one root. */
final class Node implements AutoCloseable {
  /** Quick to dial, but patient with a side that gets its turn late. */
  static final SessionTimes QUICK = new SessionTimes(5_000, 200, 60_000, 20, 200, 60_000, 200);

  static final Clock CLOCK = MachineClock.open();

  final String name;
  final NodeKey key;
  final Pins pins = new Pins();
  final Inbox inbox = new Inbox();
  final BlockingQueue<Peer> learned = new LinkedBlockingQueue<>();
  final BlockingQueue<PeerStatus> changes = new LinkedBlockingQueue<>();
  final PeerNetwork network;
  final PeerLink link;

  Node(String name, NodeKey key, SessionTimes times, String listen, InboundPairing pairing) {
    this.name = name;
    this.key = key;
    network =
        new PeerNetwork(
            new PeerNetwork.Settings(name, Address.parse(listen), "replicator test", times),
            new Tls(key, pins),
            pins,
            new FakeCodec(),
            CLOCK,
            new PeerNetwork.Listener() {
              @Override
              public void learned(NodeId from, Peer peer) {
                learned.add(peer);
              }

              @Override
              public void changed(PeerStatus status) {
                changes.add(status);
              }
            },
            pairing);
    link = network.link("uploads");
  }

  Node(String name, SessionTimes times) {
    this(name, NodeKey.ephemeral(), times, "127.0.0.1:0", InboundPairing.NONE);
  }

  Node(String name, NodeKey key) {
    this(name, key, QUICK, "127.0.0.1:0", InboundPairing.NONE);
  }

  Node(String name) {
    this(name, NodeKey.ephemeral());
  }

  static Node started(String name) throws ListenException {
    Node node = new Node(name);
    node.start();
    return node;
  }

  void start() throws ListenException {
    link.listen(inbox);
    network.start();
  }

  NodeId id() {
    return key.node();
  }

  String address() {
    return network.address().toString();
  }

  Peer peer() {
    return new Peer(name, address(), id());
  }

  /** This node as a peer that waits to be dialled. */
  Peer silentPeer() {
    return new Peer(name, "", id());
  }

  /** {@code this} dials {@code other}, which only accepts. */
  void dials(Node other) {
    other.network.put(silentPeer());
    network.put(other.peer());
  }

  PeerStatus statusOf(Node other) {
    return network.status().stream()
        .filter(status -> status.node().equals(other.id()))
        .findFirst()
        .orElseThrow();
  }

  /** The first error from now on, of any peer. */
  String nextError() throws InterruptedException {
    while (true) {
      PeerStatus status = changes.poll(30, TimeUnit.SECONDS);
      if (status == null) {
        throw new AssertionError("nothing changed for 30 s");
      }
      if (!status.lastError().isEmpty()) {
        return status.lastError();
      }
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
