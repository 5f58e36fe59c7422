package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.control.StatusJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine is copied with the key of its daemon, and both run. */
class CopiedMachineTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static StatusJson.Peer peer(TestNode node) {
    return node.status().peers().getFirst();
  }

  @Test
  void theOriginalGoesOnAndEverybodyIsTold(@TempDir Path home) throws Exception {
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    try (Cluster cluster = Cluster.start(home, "a", "b")) {
      TestNode original = cluster.node("a");
      TestNode other = cluster.node("b");
      original.terminate();
      try (TestNode copy = original.copied(elsewhere)) {
        original.start();
        original.awaitLive(1);
        copy.start();

        Deadline.in(PATIENCE)
            .await(
                "the copy is refused",
                () -> peer(copy).detail().contains("another daemon with the key of this node"),
                copy::describe);
        assertTrue(peer(other).connected());
        assertTrue(peer(other).detail().startsWith("two daemons use its key"), other::describe);
        assertEquals(1, other.run("check").code());
        assertTrue(peer(original).connected());
        assertEquals("", peer(original).detail());
        Files.writeString(original.path("new"), "of the original");
        original.awaitShownBy("all");
        assertEquals("of the original", Files.readString(other.path("new")));
      }
      Files.writeString(other.path("newer"), "of the other");
      other.awaitShownBy("all");
    }
  }
}
