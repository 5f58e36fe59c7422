package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of a peer. */
@Timeout(60)
final class StatusReportTest {
  @Test
  void aPeerThatIsCalledOtherwiseHereIsToldByItsOwnNameToo() throws Exception {
    try (Node left = Node.started("left");
        Node right = Node.started("right")) {
      right.network.put(left.silentPeer());
      left.network.put(new Peer("former", right.address(), right.id()));
      left.inbox.awaitConnected();

      assertEquals("former", left.statusOf(right).name());
      assertEquals("right", left.statusOf(right).callsItself());
    }
  }
}
