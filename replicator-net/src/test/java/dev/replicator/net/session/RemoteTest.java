package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.net.identity.NodeKey;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which address of a peer is dialled next. */
final class RemoteTest {
  private static final InetSocketAddress ONE = new InetSocketAddress("192.0.2.1", 7411);
  private static final InetSocketAddress OTHER = new InetSocketAddress("192.0.2.2", 7411);
  private static final long NOW = Long.MAX_VALUE - 5;

  private final Remote remote =
      new Remote(
          new Peer("web2", "web2.example.net:7411", NodeKey.ephemeral().node()),
          SessionTimes.DEFAULT,
          new Random(7),
          0);

  @Test
  void eachAddressHasItsTurn() {
    assertEquals(Optional.of(ONE), remote.next(List.of(ONE, OTHER), NOW));
    assertEquals(Optional.of(OTHER), remote.next(List.of(ONE, OTHER), NOW));
    assertEquals(Optional.of(ONE), remote.next(List.of(ONE, OTHER), NOW));
  }

  @Test
  void whereThisNodeItselfAnsweredIsNotDialledForTenMinutes() {
    remote.foundItselfAt(ONE, NOW);
    long later = NOW + SessionLimits.OWN_ADDRESS_NANOS;

    assertEquals(Optional.empty(), remote.next(List.of(ONE), later - 1));
    assertEquals(Optional.of(OTHER), remote.next(List.of(ONE, OTHER), later - 1));
    assertEquals(Optional.of(OTHER), remote.next(List.of(ONE, OTHER), later - 1));
    assertEquals(Optional.of(ONE), remote.next(List.of(ONE), later));
  }

  @Test
  void anAddressThatSomebodyNamedAnewIsDialledAtOnce() {
    remote.foundItselfAt(ONE, NOW);
    remote.lastError = "connection refused";
    remote.forgetAddresses();
    assertEquals(Optional.of(ONE), remote.next(List.of(ONE), NOW));
    assertEquals("", remote.lastError);
  }

  @Test
  void noMoreThanSomeAddressesAreRemembered() {
    for (int port = 1; port <= SessionLimits.OWN_ADDRESSES_MAX + 1; port++) {
      remote.foundItselfAt(new InetSocketAddress("192.0.2.1", port), NOW);
    }
    assertEquals(
        Optional.of(1),
        remote.next(List.of(new InetSocketAddress("192.0.2.1", 1)), NOW).map(it -> it.getPort()));
    assertEquals(
        Optional.empty(), remote.next(List.of(new InetSocketAddress("192.0.2.1", 2)), NOW));
  }
}
