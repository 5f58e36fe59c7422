package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.Proofs;
import dev.replicator.cli.control.StatusJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real nodes end equal though one of them may watch a hundred directories only: it runs in a
 * user namespace, whose limit is its own.
 */
final class WatchLimitsProof {
  private static final int WATCHES = 100;
  private static final int DIRECTORIES = 160;
  private static final String LIMIT =
      "echo " + WATCHES + " > /proc/sys/user/max_inotify_watches && exec \"$@\"";
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  @TempDir Path home;
  private TestNode limited;
  private TestNode other;
  private Cluster cluster;

  private static List<String> inNamespace(String... command) {
    List<String> words = new ArrayList<>(List.of("unshare", "--user", "--map-root-user"));
    words.addAll(List.of(command));
    return words;
  }

  @BeforeEach
  void configure() throws IOException {
    assumeTrue(Program.run(inNamespace("true")).code() == 0, "needs user namespaces");
    limited = TestNode.init(home, "a");
    other = TestNode.init(home, "b");
    cluster = new Cluster(List.of(limited, other));
  }

  @AfterEach
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aRootTooLargeForItsWatchesIsSaidToBePartlyBlindAndIsScanned() throws IOException {
    Program.shell(limited.root(), loop("i", DIRECTORIES, "mkdir d$i"));
    limited.startUnder(inNamespace("sh", "-c", LIMIT, "sh"));
    Cluster.join(limited, other);
    other.start();
    limited.awaitLive(1);
    cluster.converge();

    StatusJson.Root status = limited.rootStatus();
    assertTrue(
        status.watcher().startsWith("inotify, partly blind (more than 50 "), status::watcher);
    assertTrue(
        status.notes().stream()
            .anyMatch(note ->
                note.startsWith("fs.inotify.max_user_watches is " + WATCHES + ", ")
                    && note.contains("set fs.inotify.max_user_watches = ")),
        () -> status.notes().toString());
    assertTrue(limited.succeed("status").contains("watcher: inotify, partly blind"));

    writeEverywhere(1, "by the timer");
    Deadline.in(PATIENCE)
        .await(
            "what is not watched was scanned",
            () -> Manifest.of(limited.root()).differences(Manifest.of(other.root())).isEmpty(),
            limited::describe);
    Proofs.tell(WATCHES + " watches, " + DIRECTORIES + " directories: equal by scans alone");

    long rounds = Proofs.count(125, 1_250);
    writeEverywhere(rounds, "burst");
    cluster.converge();
    assertEquals(
        "burst " + (rounds - 1),
        Program.shell(other.root(), "cat d" + (DIRECTORIES - 1) + "/f").strip());
    Proofs.tell(WATCHES + " watches: equal after a burst of " + rounds * DIRECTORIES + " closes");
  }

  private void writeEverywhere(long rounds, String text) throws IOException {
    Program.shell(
        limited.root(),
        loop("r", rounds, loop("i", DIRECTORIES, "echo \"" + text + " $r\" > d$i/f")));
  }

  private static String loop(String name, long times, String body) {
    return name
        + "=0; while [ $"
        + name
        + " -lt "
        + times
        + " ]; do "
        + body
        + "; "
        + name
        + "=$(("
        + name
        + "+1)); done";
  }
}
