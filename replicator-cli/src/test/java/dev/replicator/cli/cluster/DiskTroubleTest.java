package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.cli.control.StatusJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that refuse one path: it waits with its reason, everything else goes on. */
class DiskTroubleTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Retries back off, so healing takes longer than failing. */
  private static final Duration HEALED = Duration.ofSeconds(60);

  private static final int LOAD_FILES = 200;

  @TempDir Path home;

  private static Cluster pair(TestNode a, TestNode b) throws IOException {
    Cluster cluster = new Cluster(List.of(a, b));
    try {
      a.start();
      Cluster.join(a, b);
      b.start();
      a.awaitLive(1);
      b.awaitLive(1);
      return cluster;
    } catch (IOException | RuntimeException | AssertionError failure) {
      // They would go on, and hold the disk that is to be unmounted.
      cluster.close();
      throw failure;
    }
  }

  private static void awaitPending(TestNode node, String path, String reason) {
    Deadline.in(SOON)
        .await(
            path + " waits on " + node.name() + " because " + reason,
            () ->
                node.rootStatus().pendingPaths().stream()
                    .anyMatch(one -> one.path().equals(path) && one.reason().contains(reason)),
            node::describe);
    assertTrue(
        node.explain(path).pending().orElse("").contains(reason), () -> node.explain(path) + "");
  }

  private static void awaitShown(TestNode node, String path) {
    Deadline.in(SOON).await(path + " shows", () -> Files.exists(node.path(path)), node::describe);
  }

  @Test
  void waitsWhereAWriteIsRefusedAndHealsByItself() throws IOException {
    TestNode a = TestNode.init(home, "a");
    TestNode b = TestNode.init(home, "b");
    try (Cluster cluster = pair(a, b)) {
      Program.shell(a.root(), "mkdir locked open; echo 1 > locked/file");
      cluster.converge();
      boolean root = Program.shell(home, "id -u").strip().equals("0");
      String lock = root ? "chattr +i locked" : "chmod 0555 locked";
      assumeTrue(Program.succeeds(b.root(), lock), "this file system knows no immutable flag");
      try {
        Program.shell(a.root(), "echo 2 > locked/new; echo 3 > open/other");

        awaitPending(b, "locked/new", "permission");
        awaitShown(b, "open/other");
        assertFalse(Files.exists(b.path("locked/new")));
      } finally {
        Program.shell(b.root(), root ? "chattr -i locked" : "chmod 0755 locked");
      }
      Deadline.in(HEALED).await("it heals", () -> Files.exists(b.path("locked/new")), b::describe);
      cluster.awaitEqual();
    }
  }

  /** In a directory that may only grow, and of files that may not change at all or only grow. */
  @Test
  void waitsWhereNothingMayBeReplacedOrDeletedAndHealsByItself() throws IOException {
    TestNode a = TestNode.init(home, "a");
    TestNode b = TestNode.init(home, "b");
    try (Cluster cluster = pair(a, b)) {
      Program.shell(
          a.root(),
          "mkdir grows; for i in edited deleted log mode grows/edited grows/deleted; do"
              + " echo 1 > $i; done");
      cluster.converge();
      assumeTrue(
          Program.succeeds(b.root(), "chattr +i edited deleted mode; chattr +a log grows"),
          "no attributes that forbid changes can be set here");
      try {
        Program.shell(
            a.root(),
            "for i in edited log grows/edited grows/new other; do echo 2 > $i; done;"
                + " rm deleted grows/deleted; chmod 0600 mode");

        String refused = "operation not permitted";
        for (String path :
            List.of("edited", "deleted", "mode", "log", "grows/edited", "grows/deleted")) {
          awaitPending(b, path, refused);
          assertEquals("1\n", Files.readString(b.path(path)), b::describe);
          assertTrue(b.succeed("explain", TestNode.ROOT + ":" + path).contains(refused), path);
        }
        awaitShown(b, "other");
        awaitShown(b, "grows/new");
        assertTrue(b.succeed("status").contains(refused), b::describe);
      } finally {
        Program.shell(b.root(), "chattr -i edited deleted mode || true; chattr -a log grows");
      }
      Deadline.in(HEALED).await("it heals", () -> b.rootStatus().pending() == 0, b::describe);
      cluster.converge();
      assertEquals("2\n", Files.readString(b.path("edited")));
      assertFalse(Files.exists(a.path("deleted")), a::describe);
      assertEquals(0, b.conflicts().size(), b::describe);
    }
  }

  /** Only the portable tree knows paths that are too long; that of Linux goes name by name. */
  @Test
  void aPathThatIsTooLongHereDelaysItselfOnly() throws IOException {
    TestNode a = TestNode.init(home, "a");
    Path deep = home.resolve("b").resolve("root");
    for (int level = 0; level < 4; level++) {
      deep = deep.resolve("d".repeat(200));
    }
    TestNode b = TestNode.initAt(home, "b", deep);
    try (Cluster cluster = new Cluster(List.of(a, b))) {
      a.start();
      Cluster.join(a, b);
      b.startWith("-Dreplicator.tree=portable", "-Dreplicator.watcher=portable");
      a.awaitLive(1);
      b.awaitLive(1);
      String name = "e".repeat(200);
      String parent = String.join("/", Collections.nCopies(16, name));
      Program.shell(a.root(), "mkdir -p %s/%s; echo x > other".formatted(parent, name));

      awaitPending(b, parent + "/" + name, "name too long");
      awaitShown(b, "other");
      Program.shell(a.root(), "rm -r " + name);
      Deadline.in(HEALED).await("it heals", () -> b.rootStatus().pending() == 0, b::describe);
      cluster.awaitEqual();
    }
  }

  @Test
  void waitsWhereADiskIsFullAndHealsOnceThereIsSpace() throws IOException {
    assumeTrue(Program.shell(home, "id -u").strip().equals("0"), "mounting needs root");
    assumeTrue(
        Program.succeeds(
            home,
            """
            truncate -s 24M image; mkfs.ext4 -q image; mkdir small
            mount -o loop image small; rmdir small/lost+found
            """),
        "no loop device can be mounted here");
    try {
      TestNode a = TestNode.init(home, "a");
      TestNode b = TestNode.initAt(home, "b", home.resolve("small/root"));
      try (Cluster cluster = pair(a, b)) {
        Program.shell(home, "head -c 14000000 /dev/zero > small/ballast");
        Program.shell(a.root(), "head -c 12000000 /dev/urandom > large; echo x > tiny");

        awaitPending(b, "large", "full");
        assertFalse(Files.exists(b.path("large")));

        awaitShown(b, "tiny");
        Program.shell(home, "rm small/ballast");
        Deadline.in(HEALED).await("it heals", () -> Files.exists(b.path("large")), b::describe);
        cluster.awaitEqual();
      }
    } finally {
      Program.shell(home, "umount small");
    }
  }

  /** Of btrfs, whose quotas bind root as well. */
  @Test
  void waitsWhereAQuotaIsUsedUpAndHealsOnceItIsRaised() throws IOException {
    assumeTrue(Program.shell(home, "id -u").strip().equals("0"), "mounting needs root");
    assumeTrue(
        Program.succeeds(
            home,
            "truncate -s 256M image; mkfs.btrfs -q image; mkdir small; mount -o loop image small"),
        "no btrfs can be mounted here");
    try {
      assumeTrue(
          Program.succeeds(home, "btrfs quota enable small; btrfs qgroup limit 24M 0/5 small"),
          "this kernel or its tools know no quotas of btrfs");
      TestNode a = TestNode.init(home, "a");
      TestNode b = TestNode.initAt(home, "b", home.resolve("small/root"));
      try (Cluster cluster = pair(a, b)) {
        Program.shell(a.root(), "echo 1 > replaced; echo 1 > deleted");
        cluster.converge();
        Program.shell(
            a.root(), "head -c 40000000 /dev/urandom > large; echo 2 > replaced; rm deleted");

        awaitPending(b, "large", "quota exceeded");
        assertFalse(Files.exists(b.path("large")));

        Program.shell(a.root(), "echo x > tiny");
        awaitShown(b, "tiny");
        Program.shell(home, "btrfs qgroup limit none 0/5 small");
        Deadline.in(HEALED).await("it heals", () -> Files.exists(b.path("large")), b::describe);
        cluster.converge();
        assertEquals("2\n", Files.readString(b.path("replaced")));
        assertEquals(0, b.conflicts().size(), b::describe);
      }
    } finally {
      Program.shell(home, "umount small");
    }
  }

  @Test
  void opensARootAgainWhoseJournalFoundNoSpace() throws IOException {
    assumeTrue(Program.shell(home, "id -u").strip().equals("0"), "mounting needs root");
    assumeTrue(
        Program.succeeds(home, "mkdir small; mount -t tmpfs -o size=64m none small"),
        "no tmpfs can be mounted here");
    try {
      TestNode a = TestNode.init(home, "a");
      TestNode b = TestNode.init(home.resolve("small"), "b");
      try (Cluster cluster = pair(a, b)) {
        Program.shell(home, "cat /dev/zero > small/ballast 2> /dev/null || true");
        Deadline.in(HEALED).await("the root of b failed", () -> failsUnderLoad(a, b), b::describe);

        Program.shell(home, "rm small/ballast");
        Deadline.in(HEALED)
            .await("b is live", () -> b.rootStatus().state().equals("live"), b::describe);
        Deadline.in(HEALED).await("b has all", () -> b.rootStatus().pending() == 0, b::describe);
        cluster.converge();
      }
    } finally {
      Program.shell(home, "umount small");
    }
  }

  /** Space that the journal took beforehand lets it go on for a while. */
  private static boolean failsUnderLoad(TestNode a, TestNode b) throws IOException {
    Path batch = Files.createTempDirectory(a.root(), "load");
    for (int file = 0; file < LOAD_FILES; file++) {
      Files.createFile(batch.resolve(Integer.toString(file)));
    }
    StatusJson status = b.status();
    StatusJson.Root root = status.roots().getFirst();
    return root.state().equals("failed")
        && root.reason().contains("No space left")
        && String.join("", status.node().notReady()).contains("root site is failed");
  }
}
