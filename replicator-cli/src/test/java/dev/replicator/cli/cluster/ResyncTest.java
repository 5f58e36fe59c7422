package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.cluster.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full comparison by a node whose daemon does not run, and whose peer it cannot dial. */
class ResyncTest {
  @TempDir Path home;
  private TestNode a;
  private TestNode b;
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException {
    a = TestNode.init(home, "a");
    b = TestNode.init(home, "b");
    cluster = new Cluster(List.of(a, b));
    a.start();
    b.start();
    String keyOfA = a.status().node().id();
    a.succeed("peer add", "b", "--key", b.status().node().id());
    b.succeed("peer add", "a", "--key", keyOfA, "--address", a.address());
    a.awaitLive(1);
    b.awaitLive(1);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void waitsToBeDialledByAPeerWithoutAnAddress() throws IOException {
    Files.writeString(a.path("offline"), "before");
    cluster.converge();
    a.terminate();
    Files.writeString(a.path("offline"), "changed while down");

    Ended ended = a.run("resync", "--json", "--timeout", "60s");

    assertEquals(0, ended.code(), ended::toString);
    assertTrue(ended.out().contains("\"peersCompared\":1"), ended::toString);
    assertTrue(ended.out().contains("\"repairedLocally\":1,"), ended::toString);
    // A record that was told twice counts twice.
    assertFalse(ended.out().contains("\"differingWithPeers\":0,"), ended::toString);
    assertTrue(
        ended.err().contains("for b to connect to " + a.address() + ": no address to dial"),
        ended::toString);
    assertEquals("changed while down", Files.readString(b.path("offline")));
  }

  @Test
  void givesUpWhenThatPeerDoesNotCome() throws IOException {
    a.terminate();
    b.terminate();

    Ended ended = a.run("resync", "--timeout", "2s");

    assertEquals(4, ended.code(), ended::toString);
    assertTrue(ended.err().contains("waiting up to 2000 ms for b"), ended::toString);
    assertTrue(ended.out().contains("0 of 1 peer, "), ended::toString);
    assertTrue(ended.out().contains("  b is not connected"), ended::toString);
  }
}
