package dev.replicator.cli.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/*
 * A port that the system would give to anybody is taken by the next connection that somebody makes.
 * So ports come from below that range, and stay taken on an address that nobody else uses until
 * this machine ends: tests that run at the same time get different ones.
 */

/** Ports of the loopback address for daemons that come later, and come again. */
final class Ports {
  private static final int FIRST = 10_000;

  /** Where Linux begins to give ports to outgoing connections, unless configured. */
  private static final int END = 32_768;

  private static final int ATTEMPTS_MAX = 1_000;
  private static final byte[] RESERVATIONS = {127, 11, 7, 4};
  private static final List<ServerSocket> RESERVED = new ArrayList<>();

  private Ports() {}

  static synchronized int reserve() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try {
        RESERVED.add(new ServerSocket(port, 1, InetAddress.getByAddress(RESERVATIONS)));
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        return port;
      } catch (IOException taken) {
        // The next one.
      }
    }
    throw new IOException("no free port between " + FIRST + " and " + END);
  }
}
