package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.net.identity.KeyText;
import org.junit.jupiter.api.Test;

/** What is said to who removes a peer. */
final class PeerRemoveTest extends CommandScenario {
  private void add(String name, String key) {
    assertEquals(0, with("peer", "add", name, "--key", KeyText.print(FakeRoot.node(key))));
  }

  @Test
  void whereElseItIsToBeRemovedIsTold() {
    add("web3", "05");
    add("web4", "06");
    add("web2", "07");
    assertEquals(
        "removed web3\n"
            + "other nodes that trust it go on with it, and pass on what it writes: run `replicator"
            + " peer remove "
            + KeyText.print(FakeRoot.node("05"))
            + "` on web2, web4, too\n",
        printed("peer", "remove", "web3"));
  }

  @Test
  void whoCouldNotHaveTheNameIsToldHowToGetIt() {
    add("web2", "07");
    add("web2", "01");
    String text = printed("peer", "remove", "web2");
    assertTrue(
        text.endsWith(
            "\nweb2-AQEB may be called web2 now: `replicator peer add web2 --key "
                + KeyText.print(FakeRoot.node("01"))
                + "`\n"),
        text);
  }

  @Test
  void theLastOneIsRemovedNowhereElse() {
    add("web3", "05");
    assertEquals("removed web3\n", printed("peer", "remove", "web3"));
  }
}
