package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.Proofs;
import dev.replicator.cli.cluster.Program.Ended;
import dev.replicator.cli.control.StatusJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bit rot: bytes of an ext4 image change beneath the file system, which knows nothing of it. No
 * stamp tells, and memory still holds what was written.
 */
final class VerifyProof {
  private static final Duration HEALED = Duration.ofSeconds(120);
  private static final String MARK = "only-once-on-this-disk";
  private static final String ROTTEN = "ONLY-once-on-this-disk";

  @TempDir Path home;
  private TestNode a;
  private TestNode b;
  private Cluster cluster;

  @BeforeEach
  void mount() throws IOException {
    assumeTrue(Program.shell(home, "id -u").strip().equals("0"), "mounting needs root");
    assumeTrue(
        Program.succeeds(
            home,
            """
            truncate -s 64M image; mkfs.ext4 -q image; mkdir small
            mount -o loop image small; rmdir small/lost+found
            """),
        "no loop device can be mounted here");
    a = TestNode.init(home, "a");
    b = TestNode.initAt(home, "b", home.resolve("small/root"));
    cluster = new Cluster(List.of(a, b));
    a.start();
    Cluster.join(a, b);
    b.start();
    a.awaitLive(1);
    b.awaitLive(1);
    Program.shell(
        a.root(),
        """
        mkdir uploads; head -c 700000 /dev/urandom > uploads/photo
        printf %s >> uploads/photo; head -c 700000 /dev/urandom >> uploads/photo
        for i in $(seq 50); do echo $i > uploads/$i; done; ln -s photo uploads/link
        """
            .formatted(MARK));
    cluster.converge();
    // What is younger might have been written twice within one tick of its clock.
    Program.shell(home, "sync; sleep 3");
  }

  @AfterEach
  void unmount() throws IOException {
    if (cluster != null) {
      cluster.close();
      Program.shell(home, "umount small");
    }
  }

  private void rot() throws IOException {
    String found = Program.shell(home, "grep -obUa %s image | cut -d: -f1".formatted(MARK));
    assertEquals(1, found.lines().count(), "where the photo is on the disk: " + found);
    Program.shell(
        home,
        "printf %s | dd of=image bs=1 seek=%s conv=notrunc status=none; sync"
            .formatted(ROTTEN, found.strip()));
  }

  private static String digest(TestNode node) throws IOException {
    // Not what memory holds of it.
    return Program.shell(
        node.root(), "dd if=uploads/photo iflag=direct bs=64k status=none | sha256sum");
  }

  private long inode() throws IOException {
    return (long) Files.getAttribute(b.path("uploads/photo"), "unix:ino");
  }

  private void assertGood() throws IOException {
    assertEquals(digest(a), digest(b));
    cluster.converge();
    assertEquals(0, a.conflicts().size() + b.conflicts().size(), b::describe);
    assertTrue(
        Program.succeeds(a.root(), "grep -qUa %s uploads/photo".formatted(MARK)), a::describe);
  }

  @Test
  void isFoundAndHealedFromThePeerWhichKeepsTheGoodCopy() throws IOException {
    long inode = inode();
    rot();

    Ended told = b.run("verify", "--dry-run");

    assertEquals(1, told.code(), told::toString);
    assertTrue(told.out().contains("DAMAGED: uploads/photo (1 of "), told::toString);
    assertEquals(inode, inode());
    assertNotEquals(digest(a), digest(b));

    Ended healed = b.run("verify");

    assertEquals(1, healed.code(), healed::toString);
    assertTrue(healed.out().contains("1 damaged, 1 of them healed"), healed::toString);
    assertTrue(healed.out().contains("damaged and healed: uploads/photo"), healed::toString);
    assertNotEquals(inode, inode());
    assertGood();
    String digest = healed.out().replaceAll("(?s).* is in the vault as ([0-9a-f]{64}).*", "$1");
    assertTrue(
        Program.succeeds(
            home, "grep -qUa %s $(find b small -name '%s.*')".formatted(ROTTEN, digest)),
        healed::toString);
    StatusJson.Verified verified = b.rootStatus().verified();
    assertEquals(1, verified.damaged());
    assertEquals(1, verified.healed());
    b.succeed("verify");
    Proofs.tell("bit rot: told, healed from the peer, and what was there is in the vault");
  }

  /** As after a boot: no stamp may tell the damaged file from the good one. */
  @Test
  void isNoWriteOfAUserWhereTheDiskComesBackUnderAnotherNumber() throws IOException {
    Object before = Files.getAttribute(b.root(), "unix:dev");
    b.terminate();
    Program.shell(
        home,
        """
        umount small; truncate -s 8M between; mkfs.ext4 -q between; mkdir taken
        mount -o loop between taken
        """);
    try {
      rot();
      Program.shell(home, "mount -o loop image small");
      assertNotEquals(before, Files.getAttribute(b.root(), "unix:dev"));
      b.start();
      b.awaitLive(1);
      b.succeed("wait");
      assertTrue(
          Program.succeeds(a.root(), "grep -qUa %s uploads/photo".formatted(MARK)), a::describe);

      Ended healed = b.run("verify");

      assertTrue(healed.out().contains("damaged and healed: uploads/photo"), healed::toString);
      assertGood();
      Proofs.tell("bit rot: not sent where the disk has another number after a start");
    } finally {
      Program.shell(home, "umount taken");
    }
  }

  @Test
  void isHealedByAFullComparisonToo() throws IOException {
    rot();

    Ended ended = b.run("resync", "--checksum");

    assertEquals(1, ended.code(), ended::toString);
    assertTrue(ended.out().contains("damaged and healed: uploads/photo"), ended::toString);
    assertGood();
    b.succeed("resync", "--checksum");
    Proofs.tell("bit rot: healed by resync --checksum");
  }

  @Test
  void isHealedWithoutADaemon() throws IOException {
    b.terminate();
    rot();

    Ended ended = b.run("verify");

    assertEquals(1, ended.code(), ended::toString);
    assertTrue(ended.out().contains("damaged and healed: uploads/photo"), ended::toString);
    b.start();
    b.awaitLive(1);
    assertGood();
    Proofs.tell("bit rot: healed without a daemon");
  }

  @Test
  void staysWhileNobodyHasTheContentAndGoesOnceSomebodyComes() throws IOException {
    a.terminate();
    rot();

    Ended ended = b.run("verify");

    assertEquals(4, ended.code(), ended::toString);
    assertTrue(ended.out().contains("DAMAGED, NOT HEALED: uploads/photo"), ended::toString);
    assertEquals(1, b.rootStatus().pending(), b::describe);
    a.start();
    Deadline.in(HEALED).await("b is healed", () -> b.rootStatus().pending() == 0, b::describe);
    assertGood();
    Proofs.tell("bit rot: told while nobody had the content, healed once somebody had");
  }

  @Test
  void isNoWriteWhenSomebodyTouchesTheFileBeforeItIsHealed() throws IOException {
    a.terminate();
    rot();
    b.run("verify");

    Program.shell(b.root(), "chmod 600 uploads/photo; touch uploads/photo; ln uploads/photo other");
    a.start();
    Deadline.in(HEALED).await("b is healed", () -> b.rootStatus().pending() == 0, b::describe);

    assertGood();
    assertEquals("600\n", Program.shell(a.root(), "stat -c %a uploads/photo"));
    Proofs.tell("bit rot: a new mode, time and name of the file make no write of it");
  }
}
