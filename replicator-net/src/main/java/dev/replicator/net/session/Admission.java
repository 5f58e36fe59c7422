package dev.replicator.net.session;

import dev.replicator.model.Bytes;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Counts connections that have not shown a pinned key yet. Used by one thread. */
final class Admission {
  private static final int IPV6_NETWORK_BYTES = 8;

  private final Map<Bytes, Integer> byNetwork = new HashMap<>();
  private int all;

  /** Whether one more from {@code address} may begin its handshake; then {@link #leave} follows. */
  boolean enter(InetAddress address) {
    Bytes network = network(address);
    int here = byNetwork.getOrDefault(network, 0);
    if (all >= SessionLimits.UNAUTHENTICATED_MAX
        || here >= SessionLimits.UNAUTHENTICATED_PER_ADDRESS_MAX) {
      return false;
    }
    byNetwork.put(network, here + 1);
    all++;
    return true;
  }

  void leave(InetAddress address) {
    all--;
    byNetwork.computeIfPresent(network(address), (_, count) -> count == 1 ? null : count - 1);
  }

  private static Bytes network(InetAddress address) {
    byte[] octets = address.getAddress();
    return Bytes.copyOf(
        octets.length > IPV6_NETWORK_BYTES ? Arrays.copyOf(octets, IPV6_NETWORK_BYTES) : octets);
  }
}
