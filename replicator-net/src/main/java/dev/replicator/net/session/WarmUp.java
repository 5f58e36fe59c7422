package dev.replicator.net.session;

import dev.replicator.model.Bytes;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Pins;
import dev.replicator.net.identity.Tls;
import dev.replicator.port.Clock;
import dev.replicator.port.PeerLink;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs handshakes, ciphers, compression and codec once between two nodes that exist for a moment
 * only, so that the first real change does not pay for loading them.
 */
public final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final String ROOT = "warm-up";
  private static final int CHUNKS = 64;

  private WarmUp() {}

  /**
   * Blocks for at most {@code millisMax}, and the time to close; a failure is no failure of the
   * daemon.
   *
   * @param hello any greeting
   */
  public static void run(Clock clock, Message.Hello hello, long millisMax) {
    NodeKey serving = NodeKey.ephemeral();
    NodeKey dialling = NodeKey.ephemeral();
    CountDownLatch received = new CountDownLatch(CHUNKS);
    try (PeerNetwork server = network(clock, serving);
        PeerNetwork client = network(clock, dialling)) {
      server.link(ROOT).listen(new Counting(received));
      PeerLink link = client.link(ROOT);
      link.listen(new Sending(link, hello));
      server.put(new Peer("client", "", dialling.node()));
      server.start();
      client.start();
      client.put(new Peer("server", server.address().toString(), serving.node()));
      if (!received.await(millisMax, TimeUnit.MILLISECONDS)) {
        LOG.debug("the warm-up was cut short");
      }
    } catch (ListenException e) {
      LOG.debug("no warm-up: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static PeerNetwork network(Clock clock, NodeKey key) {
    Pins pins = new Pins();
    SessionTimes quick = new SessionTimes(10_000, 5_000, 10_000, 10, 10, 1_000, 20);
    return new PeerNetwork(
        new PeerNetwork.Settings(ROOT, new Address("127.0.0.1", 0), ROOT, quick),
        new Tls(key, pins),
        pins,
        new WireMessages(),
        clock,
        (_, _) -> {},
        InboundPairing.NONE);
  }

  private record Counting(CountDownLatch received) implements PeerLink.Listener {
    @Override
    public void connected(NodeId peer) {}

    @Override
    public void disconnected(NodeId peer) {}

    @Override
    public void received(NodeId peer, Message message) {
      if (message instanceof Message.ChunkData) {
        received.countDown();
      }
    }
  }

  private record Sending(PeerLink link, Message.Hello hello) implements PeerLink.Listener {
    @Override
    public void connected(NodeId peer) {
      link.send(peer, hello);
      Bytes chunk = Bytes.copyOf(new byte[Limits.CHUNK_BYTES_AVERAGE]);
      for (int i = 0; i < CHUNKS; i++) {
        link.send(peer, new Message.ChunkData(i, i, chunk));
      }
    }

    @Override
    public void disconnected(NodeId peer) {}

    @Override
    public void received(NodeId peer, Message message) {}
  }
}
