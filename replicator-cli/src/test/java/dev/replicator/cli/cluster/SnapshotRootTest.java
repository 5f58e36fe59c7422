package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root that is a subvolume, and a snapshot of it from the same run in its place. */
class SnapshotRootTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path home;
  private TestNode a;
  private TestNode b;
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Program.shell(home, "id -u").strip().equals("0"), "mounting needs root");
    assumeTrue(
        Program.succeeds(
            home,
            """
            truncate -s 256M image && mkfs.btrfs -q image && mkdir disk
            mount -o loop image disk && btrfs subvolume create disk/volume
            """),
        "no btrfs can be mounted here");
    a = TestNode.initAt(home, "a", home.resolve("disk/volume"));
    b = TestNode.init(home, "b");
    cluster = new Cluster(List.of(a, b));
    Files.writeString(a.path("edited"), "one");
    a.start();
    Cluster.join(a, b);
    b.start();
    a.awaitLive(1);
    b.awaitLive(1);
    cluster.converge();
    Program.shell(home, "btrfs subvolume snapshot disk/volume disk/snapshot");
    Files.writeString(a.path("edited"), "two");
    Files.writeString(a.path("newer"), "newer");
    cluster.converge();
  }

  @AfterEach
  void stop() throws IOException {
    if (cluster != null) {
      cluster.close();
    }
    Program.succeeds(home, "umount disk");
  }

  private void rollBack() throws IOException {
    Program.shell(
        home, "mv disk/volume disk/bad; btrfs subvolume snapshot disk/snapshot disk/volume");
  }

  private void isHeldUntilApprovedAndDeletesNothing() throws IOException {
    Deadline.in(SOON)
        .await(
            "a is held and knows by what",
            () -> a.rootStatus().reason().contains("approve takes it"),
            a::describe);
    assertEquals("two", Files.readString(b.path("edited")));
    assertEquals("newer", Files.readString(b.path("newer")));

    a.succeed("approve");
    cluster.awaitEqual();
    assertEquals("two", Files.readString(a.path("edited")));
    assertEquals("newer", Files.readString(a.path("newer")));
  }

  @Test
  void isHeldWhereItComesWhileTheDaemonRuns() throws IOException {
    rollBack();
    isHeldUntilApprovedAndDeletesNothing();
  }

  @Test
  void isHeldWhereItComesWhileTheDaemonIsStopped() throws IOException {
    a.terminate();
    rollBack();
    a.start();
    isHeldUntilApprovedAndDeletesNothing();
  }
}
