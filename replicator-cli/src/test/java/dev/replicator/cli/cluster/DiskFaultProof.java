package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.Proofs;
import dev.replicator.cli.control.StatusJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real faults of a disk of its own: {@code status} says what is wrong, nothing is lost, and the
 * node goes on by itself once the fault is gone. Full disks are in {@link DiskTroubleTest}.
 */
final class DiskFaultProof {
  private static final Duration SAID = Duration.ofSeconds(60);
  private static final Duration HEALED = Duration.ofSeconds(120);
  private static final int INODES = 256;
  private static final int FILES = 200;
  private static final int DESCRIPTORS = 160;
  private static final int REPLACEMENTS = 20;

  @TempDir Path home;
  private TestNode a;
  private TestNode b;

  @BeforeEach
  void mount() throws IOException {
    assumeTrue(Program.shell(home, "id -u").strip().equals("0"), "mounting needs root");
    assumeTrue(
        Program.succeeds(
            home,
            """
            truncate -s 24M image; mkfs.ext4 -q -N %d image; mkdir small
            mount -o loop image small; rmdir small/lost+found
            """
                .formatted(INODES)),
        "no loop device can be mounted here");
    a = TestNode.init(home, "a");
    b = TestNode.initAt(home, "b", home.resolve("small/root"));
  }

  @AfterEach
  void unmount() throws IOException {
    if (b != null) {
      Program.shell(home, "umount small");
    }
  }

  private Cluster pair(List<String> command) throws IOException {
    Cluster cluster = new Cluster(List.of(a, b));
    a.start();
    Cluster.join(a, b);
    b.startUnder(command);
    a.awaitLive(1);
    b.awaitLive(1);
    return cluster;
  }

  private static List<String> asItIs() {
    return List.of("env");
  }

  private void awaitSaid(String reason) {
    Deadline.in(SAID)
        .await(
            "status of b says " + reason,
            () -> {
              StatusJson.Root root = b.rootStatus();
              return root.reason().contains(reason)
                  || root.pendingPaths().stream().anyMatch(one -> one.reason().contains(reason));
            },
            b::describe);
  }

  private void awaitHealed(Cluster cluster) throws IOException {
    Deadline.in(HEALED)
        .await(
            "b is live and has all",
            () -> {
              StatusJson.Root root = b.rootStatus();
              return root.state().equals("live") && root.pending() == 0;
            },
            b::describe);
    cluster.converge();
  }

  @Test
  void waitsWhereNoInodeIsLeftAndGoesOnOnceThereAreSome() throws IOException {
    try (Cluster cluster = pair(asItIs())) {
      Program.shell(
          home,
          "mkdir small/ballast; cd small/ballast; i=0;"
              + " while touch $i 2> /dev/null; do i=$((i+1)); done; rm 0 1 2 3 4 5 6 7 8 9");
      Program.shell(a.root(), "for i in $(seq %d); do echo $i > f$i; done".formatted(FILES));

      awaitSaid("full");
      assertTrue(b.rootStatus().pending() > 0, b::describe);
      Program.shell(home, "rm -r small/ballast");
      awaitHealed(cluster);
      assertEquals(FILES + "\n", Program.shell(b.root(), "cat f" + FILES));
      Proofs.tell("no inodes left: said, and equal once there were some");
    }
  }

  @Test
  void waitsWhileItsDiskIsReadOnlyAndSendsNoDeletion() throws IOException {
    try (Cluster cluster = pair(asItIs())) {
      Program.shell(a.root(), "for i in $(seq %d); do echo $i > f$i; done".formatted(FILES));
      cluster.converge();
      Program.shell(home, "mount -o remount,ro small");
      Program.shell(a.root(), "echo new > new; echo changed > f1; rm f2");

      awaitSaid("read-only");
      assertEquals(
          Integer.toString(FILES), Program.shell(a.root(), "ls | wc -l").strip(), a::describe);
      Program.shell(home, "mount -o remount,rw small");
      awaitHealed(cluster);
      assertEquals("changed\n", Program.shell(b.root(), "cat f1"));
      Proofs.tell("disk read-only: said, and equal once it was not");
    }
  }

  /** More than the disk holds goes through the vault at once, long before its hour. */
  @Test
  void letsGoOfOldVersionsWhenTheyFillTheDisk() throws IOException {
    Program.shell(
        home,
        """
        truncate -s 200M other; mkfs.ext4 -q other; mkdir full
        mount -o loop other full; rmdir full/lost+found
        """);
    b = TestNode.init(home.resolve("full"), "b");
    try (Cluster cluster = pair(asItIs())) {
      for (int version = 0; version < REPLACEMENTS; version++) {
        Program.shell(
            a.root(), "head -c 12000000 /dev/urandom > video; echo %d > last".formatted(version));
        awaitHealed(cluster);
      }
      assertEquals((REPLACEMENTS - 1) + "\n", Program.shell(b.root(), "cat last"));
      Proofs.tell(REPLACEMENTS + " versions of 12 MB went through a disk of 200 MB");
    } finally {
      Program.shell(home, "umount full");
    }
  }

  @Test
  void comesToTheSameTreeWithFewDescriptors() throws IOException {
    assumeTrue(Program.succeeds(home, "prlimit --version"), "needs prlimit");
    try (Cluster cluster = pair(List.of("prlimit", "--nofile=" + DESCRIPTORS, "--"))) {
      String script =
          "for i in $(seq %d); do mkdir -p d$i/x; echo $i > d$i/x/f; done".formatted(INODES / 4);
      Program.shell(a.root(), script);
      cluster.converge();
      Program.shell(a.root(), "for i in $(seq 40); do rm -r d$i; echo $i > e$i; done");
      cluster.converge();
      assertEquals(0, b.conflicts().size(), b::describe);
      Proofs.tell(DESCRIPTORS + " descriptors: equal after a burst of directories");
    }
  }
}
