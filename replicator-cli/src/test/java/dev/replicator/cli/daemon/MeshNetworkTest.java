package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.cli.FakeRoot;
import dev.replicator.net.session.PeerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a peer beside its name. */
final class MeshNetworkTest {
  private static PeerStatus status(boolean connected, String callsItself, String twin) {
    return new PeerStatus(
        FakeRoot.node("02"),
        "web2",
        "web2:7411",
        connected,
        0,
        0,
        0,
        0,
        "connection refused",
        callsItself,
        "replicator",
        twin,
        List.of());
  }

  private static PeerStatus status(boolean connected, String callsItself) {
    return status(connected, callsItself, "");
  }

  @Test
  void twoDaemonsWithOneKeyAreToldWhoeverOfThemIsConnected() {
    String words = "two daemons use its key, at here and there: stop the one that is a copy";
    assertEquals(words, MeshNetwork.detail(status(true, "", "here and there"), "web2", ""));
    assertEquals(
        words + ", connection refused",
        MeshNetwork.detail(status(false, "", "here and there"), "web2", ""));
  }

  @Test
  void aPeerThatWasRenamedIsToldByBothNames() {
    assertEquals("calls itself db2", MeshNetwork.detail(status(true, "db2"), "web2", ""));
    assertEquals(
        "calls itself db2, site is missing there",
        MeshNetwork.detail(status(true, "db2"), "web2", "site is missing there"));
  }

  @Test
  void aPeerThatIsCalledAsItCallsItselfHasOneName() {
    assertEquals("", MeshNetwork.detail(status(true, "web2"), "web2", ""));
    assertEquals("", MeshNetwork.detail(status(true, ""), "web2", ""));
  }

  @Test
  void whereAnotherHadItsNameFirstThatIsSaid() {
    assertEquals(
        "calls itself web2, as another node did first",
        MeshNetwork.detail(status(true, "web2"), "web2-AgIC", ""));
  }

  @Test
  void ofOneThatIsNotConnectedTheReasonIsTold() {
    assertEquals("connection refused", MeshNetwork.detail(status(false, "db2"), "web2", ""));
  }
}
