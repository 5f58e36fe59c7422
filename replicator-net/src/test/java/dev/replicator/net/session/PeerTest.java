package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.NodeId;
import org.junit.jupiter.api.Test;

final class PeerTest {
  private static final NodeId NODE = NodeId.of(new byte[32]);

  /** Found by the fuzzer: another node names its peers, and what it says ends in logs and files. */
  @Test
  void holdsNoMoreOfAnAddressThanIsDialled() {
    assertEquals("[2001:Db8::7]:741", new Peer("web3", "[2001:Db8::7]:741\n", NODE).address());
    assertEquals("web3:741", new Peer("web3", "\t web3:0741\r\n", NODE).address());
    assertEquals("", new Peer("web3", "", NODE).address());
  }

  @Test
  void refusesWhatNobodyCanDial() {
    assertThrows(IllegalArgumentException.class, () -> new Peer("web3", "*:7411", NODE));
    assertThrows(IllegalArgumentException.class, () -> new Peer("web3", "web3:0", NODE));
  }
}
