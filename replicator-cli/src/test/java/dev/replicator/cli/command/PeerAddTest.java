package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.net.identity.KeyText;
import org.junit.jupiter.api.Test;

/** What is said to who adds a peer. */
final class PeerAddTest extends CommandScenario {
  private static final String HOLDER = KeyText.print(FakeRoot.node("ff"));
  private static final String NEWCOMER = KeyText.print(FakeRoot.node("01"));

  @Test
  void aNameThatIsTakenStaysWithItsHolder() {
    assertEquals(0, with("peer", "add", "web2", "--key", HOLDER));
    assertEquals(
        "trusts web2-AQEB "
            + NEWCOMER
            + "\nweb2 is the name of the peer "
            + HOLDER
            + ", so this one is called web2-AQEB here; where that machine has the new key now,"
            + " `replicator peer remove web2` lets go of the old one\n",
        printed("peer", "add", "web2", "--key", NEWCOMER));
    String list = printed("peer", "list");
    assertTrue(
        list.endsWith(
            "web2-AQEB: another node was called web2 first; `replicator peer add NAME --key "
                + NEWCOMER
                + "` gives it another name here\n"),
        list);
  }

  @Test
  void theNameOfThisNodeIsNobodyElses() {
    assertEquals(
        "trusts web1-AQEB "
            + NEWCOMER
            + "\nweb1 is the name of this node itself, so this one is called web1-AQEB here\n",
        printed("peer", "add", "web1", "--key", NEWCOMER));
  }

  @Test
  void whoIsTrustedIsCalledOtherwiseByTheSameCommand() {
    assertEquals(0, with("peer", "add", "web2", "--key", HOLDER));
    assertEquals("trusts db " + HOLDER + "\n", printed("peer", "add", "db", "--key", HOLDER));
    assertEquals(
        "trusts web2 " + NEWCOMER + "\n", printed("peer", "add", "web2", "--key", NEWCOMER));
  }
}
