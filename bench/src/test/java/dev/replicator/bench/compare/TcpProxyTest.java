package dev.replicator.bench.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpProxyTest {
  private static final long MILLISECOND = 1_000_000;

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void passesOnAndCountsBothWays() throws IOException {
    try (TcpProxy proxy = TcpProxy.start(server.getLocalPort(), 0, 0)) {
      assertCarries(proxy, 300_000);

      assertEquals(600_000, proxy.bytes());
    }
  }

  @Test
  void countsTheSameOverAWideLine() throws IOException {
    try (TcpProxy proxy = TcpProxy.start(server.getLocalPort(), MILLISECOND, 100_000_000)) {
      assertCarries(proxy, 300_000);

      assertEquals(600_000, proxy.bytes());
    }
  }

  @Test
  void takesAsLongAsTheLineWould() throws IOException {
    try (TcpProxy proxy = TcpProxy.start(server.getLocalPort(), 20 * MILLISECOND, 1_000_000)) {
      long began = System.nanoTime();
      assertCarries(proxy, 100_000);
      long took = System.nanoTime() - began;

      // Two crossings to connect, two for the echo, and 100 ms of sending; the echo overlaps.
      assertTrue(took >= 180 * MILLISECOND, () -> "only " + took + " ns");
    }
  }

  @Test
  void endsWhenTheListenerEnds() throws IOException {
    try (TcpProxy proxy = TcpProxy.start(server.getLocalPort(), 0, 0);
        Socket near = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      server.accept().close();

      assertEquals(-1, near.getInputStream().read());
    }
  }

  /** Sends through the proxy to a server that sends all of it back, and reads that. */
  private void assertCarries(TcpProxy proxy, int length) throws IOException {
    byte[] content = new byte[length];
    new SplittableRandom(1).nextBytes(content);
    Thread.ofVirtual().start(this::echo);
    try (Socket near = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      Thread.ofVirtual().start(() -> send(near, content));
      assertArrayEquals(content, near.getInputStream().readAllBytes());
    }
  }

  private void send(Socket near, byte[] content) {
    try {
      near.getOutputStream().write(content);
      near.shutdownOutput();
    } catch (IOException _) {
      // What is read shows it.
    }
  }

  private void echo() {
    try (Socket far = server.accept()) {
      far.getInputStream().transferTo(far.getOutputStream());
    } catch (IOException _) {
      // What is read shows it.
    }
  }
}
