package dev.replicator.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What lies between the two sides of a site. */
final class Link implements AutoCloseable {
  /** The kinds of it. */
  enum Kind {
    /** The loopback interface. */
    DIRECT("loopback", 0, 0),
    /** The same through a proxy that counts. */
    COUNTED("loopback, through a proxy that counts", 0, 0),
    /** A line between two sites. */
    WIDE("20 ms there and back, 100 Mbit/s", 10_000_000, 12_500_000);

    private final String meaning;
    private final long delayNanos;
    private final long bytesPerSecond;

    Kind(String meaning, long delayNanos, long bytesPerSecond) {
      this.meaning = meaning;
      this.delayNanos = delayNanos;
      this.bytesPerSecond = bytesPerSecond;
    }

    String meaning() {
      return meaning;
    }
  }

  private final Kind kind;
  private final List<TcpProxy> proxies = new ArrayList<>();

  Link(Kind kind) {
    this.kind = kind;
  }

  /** The port to dial in order to reach whoever listens at {@code port}. */
  int toward(int port) throws IOException {
    return switch (kind) {
      case DIRECT -> port;
      case COUNTED, WIDE -> {
        TcpProxy proxy = TcpProxy.start(port, kind.delayNanos, kind.bytesPerSecond);
        proxies.add(proxy);
        yield proxy.port();
      }
    };
  }

  /** How many bytes crossed it so far, both ways; 0 when nobody counts. */
  long bytes() {
    return proxies.stream().mapToLong(TcpProxy::bytes).sum();
  }

  /** Whether each side may dial the other. */
  boolean isDirect() {
    return switch (kind) {
      case DIRECT -> true;
      case COUNTED, WIDE -> false;
    };
  }

  boolean counts() {
    return !proxies.isEmpty();
  }

  @Override
  public void close() {
    proxies.forEach(TcpProxy::close);
  }
}
