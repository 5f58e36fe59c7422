package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.control.NodeView.PeerView;
import dev.replicator.model.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OneShotTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static PeerView peer(String name, boolean connected, boolean dialsUs) {
    return new PeerView(
        name, NodeId.of(new byte[32]), "", connected, "", 0, 0, 0, Optional.empty(), dialsUs, "");
  }

  private static boolean awaits(int seconds, PeerView... peers) {
    return OneShot.awaitsMore(List.of(peers), Duration.ofSeconds(seconds), PATIENCE);
  }

  @Test
  void waitsForNobodyWhenAllAreThere() {
    assertFalse(awaits(0));
    assertFalse(awaits(0, peer("web2", true, false), peer("web3", true, true)));
  }

  @Test
  void waitsForAPeerThatIsDialledOnlyAsLongAsThatTakes() {
    assertTrue(awaits(9, peer("web2", false, false)));
    assertFalse(awaits(10, peer("web2", false, false)));
  }

  @Test
  void waitsForAPeerThatDialsAsLongAsItMay() {
    assertTrue(awaits(29, peer("web2", false, true), peer("web3", false, false)));
    assertFalse(awaits(30, peer("web2", false, true)));
  }

  @Test
  void saysWhomItExpects() {
    assertEquals(
        Optional.of("web2, web4"),
        OneShot.whomToExpect(
            List.of(
                peer("web1", false, false),
                peer("web2", false, true),
                peer("web3", true, true),
                peer("web4", false, true))));
    assertEquals(Optional.empty(), OneShot.whomToExpect(List.of(peer("web1", false, false))));
  }
}
