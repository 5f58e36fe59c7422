package dev.replicator.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Passes TCP connections on to a port of this machine, and counts what crosses. With a delay and a
 * rate it is a line of a wide area network: all connections share the rate of a direction.
 */
final class TcpProxy implements AutoCloseable {
  private static final int READ_BYTES = 16 << 10;

  /** On the way in one direction at most: more than what 100 Mbit/s hold in 20 ms. */
  private static final int PARTS_MAX = 64;

  private final ServerSocket listening;
  private final int target;
  private final long delayNanos;
  private final Line there;
  private final Line back;
  private final AtomicLong bytes = new AtomicLong();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private TcpProxy(ServerSocket listening, int target, long delayNanos, long bytesPerSecond) {
    this.listening = listening;
    this.target = target;
    this.delayNanos = delayNanos;
    there = new Line(new Pacer(delayNanos, bytesPerSecond), bytesPerSecond > 0);
    back = new Line(new Pacer(delayNanos, bytesPerSecond), bytesPerSecond > 0);
  }

  /** One direction. */
  private record Line(Pacer pacer, boolean paced) {
    synchronized long out(long now, int length) {
      return pacer.out(now, length);
    }
  }

  /** What is on the way; one without octets is the end of the stream. */
  private record Part(long outNanos, ByteBuffer octets) {}

  static TcpProxy start(int target, long delayNanos, long bytesPerSecond) throws IOException {
    ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    TcpProxy proxy = new TcpProxy(listening, target, delayNanos, bytesPerSecond);
    Thread.ofPlatform().daemon().name("proxy").start(proxy::accept);
    return proxy;
  }

  int port() {
    return listening.getLocalPort();
  }

  /** What was passed on so far, both ways. */
  long bytes() {
    return bytes.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket near = listening.accept();
        open.add(near);
        Thread.ofPlatform().daemon().name("proxy-dial").start(() -> connect(near));
      } catch (IOException _) {
        // Closed, or the caller is gone already.
      }
    }
  }

  private void connect(Socket near) {
    // Two crossings until the caller of a far port knows that it is connected.
    waitUntil(System.nanoTime() + 2 * delayNanos);
    try {
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(far);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      pass(near, far, there);
      pass(far, near, back);
    } catch (IOException nobodyThere) {
      close(near);
    }
  }

  private void pass(Socket from, Socket to, Line line) {
    if (!line.paced()) {
      Thread.ofPlatform().daemon().name("proxy-copy").start(() -> copy(from, to));
      return;
    }
    BlockingQueue<Part> way = new ArrayBlockingQueue<>(PARTS_MAX);
    Thread.ofPlatform().daemon().name("proxy-in").start(() -> putIn(from, line, way));
    Thread.ofPlatform().daemon().name("proxy-out").start(() -> takeOut(way, from, to));
  }

  private void copy(Socket from, Socket to) {
    byte[] part = new byte[READ_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(part); length >= 0; length = in.read(part)) {
        bytes.addAndGet(length);
        out.write(part, 0, length);
      }
      to.shutdownOutput();
    } catch (IOException cut) {
      close(from);
      close(to);
    }
  }

  private void putIn(Socket from, Line line, BlockingQueue<Part> way) {
    byte[] part = new byte[READ_BYTES];
    try {
      try {
        InputStream in = from.getInputStream();
        for (int length = in.read(part); length >= 0; length = in.read(part)) {
          bytes.addAndGet(length);
          ByteBuffer octets = ByteBuffer.wrap(Arrays.copyOf(part, length));
          way.put(new Part(line.out(System.nanoTime(), length), octets));
        }
      } catch (IOException _) {
        // The same as its end for who reads on.
      }
      way.put(new Part(line.out(System.nanoTime(), 0), ByteBuffer.allocate(0)));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void takeOut(BlockingQueue<Part> way, Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      for (Part part = way.take(); part.octets().hasRemaining(); part = way.take()) {
        waitUntil(part.outNanos());
        out.write(part.octets().array());
      }
      to.shutdownOutput();
    } catch (IOException cut) {
      close(from);
      close(to);
      // Who puts in must not wait for room.
      way.clear();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void waitUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is of no use any more.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException _) {
      // It is of no use any more.
    }
    open.forEach(TcpProxy::close);
  }
}
