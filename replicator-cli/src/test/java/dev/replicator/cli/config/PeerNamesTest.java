package dev.replicator.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.model.NodeId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PeerNamesTest {
  private static final NodeId HOLDER = FakeRoot.node("ff");
  private static final NodeId NEWCOMER = FakeRoot.node("01");

  private final PeerNames names = new PeerNames(Map.of(HOLDER, "web2"));

  private String given(String name, NodeId key) {
    return names.give(new PeerConfig(name, Optional.empty(), key, "test")).name();
  }

  @Test
  void whoHadANameFirstKeepsItWhateverTheKeys() {
    assertEquals("web2-AQEB", given("web2", NEWCOMER));
    assertEquals("web2", given("web2", HOLDER));
    assertEquals(Optional.of(HOLDER), names.holder("web2"));
  }

  @Test
  void aFreeNameIsGivenAsItIs() {
    assertEquals("web3", given("web3", NEWCOMER));
  }

  @Test
  void whoIsCalledOtherwiseLeavesHisName() {
    assertEquals("db", given("db", HOLDER));
    assertEquals("web2", given("web2", NEWCOMER));
  }

  @Test
  void nobodyIsCalledAsThisNode() {
    names.besides("web1");
    assertEquals("web1-AQEB", given("web1", NEWCOMER));
    assertEquals(Optional.empty(), names.holder("web1"));
  }

  @Test
  void whoTakesTheNameThatWouldFollowGainsNothing() {
    for (int length = 0; length < 100; length++) {
      NodeId another = FakeRoot.node(String.format("%02x", 100 + length));
      names.give(
          new PeerConfig(
              "web2-" + "AQ" + "EBAQ".repeat(20).substring(0, 2 + Math.min(length, 50)),
              Optional.empty(),
              another,
              "test"));
    }
    String name = given("web2", NEWCOMER);
    assertTrue(name.startsWith("web2-"), name);
    assertEquals(Optional.of(NEWCOMER), names.holder(name));
  }

  @Test
  void aNameOfFullLengthGivesWay() {
    String longest = "a".repeat(ConfigLimits.NAME_CHARACTERS_MAX);
    given(longest, HOLDER);
    String name = given(longest, NEWCOMER);
    assertEquals("a".repeat(ConfigLimits.NAME_CHARACTERS_MAX - 5) + "-AQEB", name);
    assertEquals(name, PeerConfig.checkedName(name));
  }

  @Test
  void aNameTellsWhatItWasToBe() {
    assertEquals(Optional.of("web2"), PeerNames.wanted("web2-AQEB", NEWCOMER));
    assertEquals(Optional.empty(), PeerNames.wanted("web2-AQEB", HOLDER));
    assertEquals(Optional.empty(), PeerNames.wanted("web2-2", NEWCOMER));
    assertEquals(Optional.empty(), PeerNames.wanted("web2", NEWCOMER));
    assertEquals(Optional.empty(), PeerNames.wanted("web2-AQE", NEWCOMER));
  }
}
