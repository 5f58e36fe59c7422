package dev.replicator.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is said of a root that peers which are there do not have. */
final class CheckJsonTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static StatusJson.Root root(boolean... connected) {
    List<StatusJson.RootPeer> peers =
        Stream.iterate(0, index -> index < connected.length, index -> index + 1)
            .map(index ->
                new StatusJson.RootPeer(
                    "web" + index,
                    connected[index],
                    OptionalLong.empty(),
                    0,
                    0,
                    true,
                    false,
                    false))
            .toList();
    return new StatusJson.Root(
        "photos",
        "/photos",
        "live",
        "",
        List.of(),
        "fanotify",
        0,
        0,
        0,
        0,
        List.of(),
        0,
        0,
        0,
        0,
        0,
        0,
        new StatusJson.Vault(0, 0, 0, ""),
        new StatusJson.Verified("", 0, 0, 0, 0, 0, 0, 0),
        peers,
        Map.of());
  }

  private static StatusJson.Peer peer(boolean connected) {
    return peer(connected, "", "");
  }

  private static StatusJson.Peer peer(boolean connected, String detail, String twin) {
    return new StatusJson.Peer(
        "web",
        "",
        "",
        connected,
        OptionalLong.of(0),
        0,
        0,
        0,
        0,
        OptionalLong.empty(),
        detail,
        twin);
  }

  @Test
  void twoDaemonsWithOneKeyAreAWarningThoughOneOfThemIsConnected() {
    assertEquals(
        List.of("peer web: two daemons use its key"),
        warnings(root(true, false), peer(true, "two daemons use its key", "here and there")));
  }

  private static List<String> warnings(StatusJson.Root root, StatusJson.Peer... peers) {
    StatusJson.Node node = new StatusJson.Node("web1", "", "", "", 1, "", List.of());
    StatusJson status = new StatusJson(node, List.of(root), List.of(peers));
    return CheckJson.of(status, PATIENCE, Instant.EPOCH).warnings();
  }

  @Test
  void aRootThatNoConnectedPeerHasIsToldSinceItIsReplicatedNowhere() {
    assertEquals(
        List.of(
            "root photos is replicated with no peer that is connected: none has a root of that"
                + " name, or it does not run there; see `replicator status`"),
        warnings(root(false, false), peer(true), peer(true)));
  }

  @Test
  void aRootThatOnePeerHasIsReplicated() {
    assertEquals(List.of(), warnings(root(true, false), peer(true), peer(true)));
  }

  @Test
  void ofPeersThatAreAwayNobodyKnowsWhatTheyHave() {
    assertEquals(List.of("peer web is not connected"), warnings(root(false), peer(false)));
  }
}
