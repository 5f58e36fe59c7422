package dev.replicator.net.pairing;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** Counts attempts to pair within a moving window. Its memory is bounded by the overall limit. */
final class Attempts {
  private final Map<InetAddress, ArrayDeque<Long>> byAddress = new HashMap<>();
  private final ArrayDeque<Long> all = new ArrayDeque<>();

  /** Whether one more from {@code address} is allowed now; one that is not does not count. */
  synchronized boolean allow(InetAddress address, long nowMillis) {
    long from = nowMillis - PairingLimits.ATTEMPTS_WINDOW_MILLIS;
    forget(all, from);
    byAddress.values().removeIf(times -> forget(times, from).isEmpty());
    ArrayDeque<Long> here = byAddress.getOrDefault(address, new ArrayDeque<>());
    if (all.size() >= PairingLimits.ATTEMPTS_MAX
        || here.size() >= PairingLimits.ATTEMPTS_PER_ADDRESS_MAX) {
      return false;
    }
    all.add(nowMillis);
    here.add(nowMillis);
    byAddress.put(address, here);
    return true;
  }

  private static ArrayDeque<Long> forget(ArrayDeque<Long> times, long from) {
    while (!times.isEmpty() && times.peekFirst() <= from) {
      times.removeFirst();
    }
    return times;
  }
}
