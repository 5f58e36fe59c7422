package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A root that is the top of a file system has the inode of every such top: what else stands there
 * after a restart must be told from it all the same.
 */
class RootOnItsOwnDiskTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String EPOCH = "user:replicator.epoch";
  private static final int FILES = 40;

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
            "truncate -s 32M image; mkfs.ext4 -q image; mkdir disk; mount -o loop image disk"),
        "no loop device can be mounted here");
    a = TestNode.initAt(home, "a", home.resolve("disk"));
    b = TestNode.init(home, "b");
    cluster = new Cluster(List.of(a, b));
    Program.shell(
        a.root(), "mkdir x; for i in $(seq %d); do echo $i > x/$i; done".formatted(FILES));
    a.start();
    Cluster.join(a, b);
    b.start();
    a.awaitLive(1);
    b.awaitLive(1);
    cluster.converge();
  }

  @AfterEach
  void stop() throws IOException {
    if (cluster != null) {
      cluster.close();
      Program.succeeds(home, "umount disk");
    }
  }

  private byte[] epoch() throws IOException {
    return (byte[]) Files.getAttribute(a.root(), EPOCH);
  }

  private void workOnBoth() throws IOException {
    Files.writeString(b.path("newer"), "newer");
    Files.writeString(b.path("x/1"), "newer");
    Files.writeString(a.path("x/2"), "newer");
    cluster.converge();
  }

  private void awaitHeld(String words) throws IOException {
    Deadline.in(SOON)
        .await(
            "a is held: " + words,
            () -> a.rootStatus().state().equals("held") && a.rootStatus().reason().contains(words),
            a::describe);
    assertEquals(FILES, b.path("x").toFile().list().length, b::describe);
    assertEquals("newer", Files.readString(b.path("x/1")));
    assertEquals("newer", Files.readString(b.path("x/2")));
  }

  private void awaitAllOfTheOther() throws IOException {
    a.succeed("approve");
    a.awaitLive(1);
    cluster.awaitEqual();
    assertEquals(FILES, a.path("x").toFile().list().length, a::describe);
    assertEquals("newer", Files.readString(a.path("newer")));
    assertEquals("newer", Files.readString(a.path("x/1")));
    assertEquals("newer", Files.readString(a.path("x/2")));
  }

  @Test
  void goesOnAfterItWasUnmountedAndMountedAgain() throws IOException {
    a.terminate();
    Program.shell(home, "umount disk; mount -o loop image disk");
    a.start();
    a.awaitLive(1);
    workOnBoth();
    assertFalse(a.succeed("status").contains("held"), a::describe);
  }

  @Test
  void holdsASnapshotOfItsDiskFromBeforeTheLastStart() throws IOException {
    a.terminate();
    Program.shell(home, "umount disk; cp image snapshot; mount -o loop image disk");
    a.start();
    a.awaitLive(1);
    workOnBoth();
    a.terminate();
    Program.shell(home, "umount disk; mount -o loop snapshot disk");
    a.start();

    awaitHeld("an earlier state of itself");
    awaitAllOfTheOther();
  }

  @Test
  void holdsASnapshotThatTakesThePlaceOfItsDiskWhileTheDaemonRunsOrWasKilled() throws IOException {
    a.terminate();
    Program.shell(home, "umount disk; cp image snapshot; mount -o loop image disk");
    a.start();
    a.awaitLive(1);
    workOnBoth();
    a.kill();
    a.start();
    a.awaitLive(1);
    Program.shell(home, "umount -l disk; cp snapshot older; mount -o loop older disk");
    awaitHeld("an earlier state of itself");

    a.kill();
    a.start();
    awaitHeld("an earlier state of itself");
    awaitAllOfTheOther();
  }

  /** As {@code rsync -X} and {@code cp -a} of a backup into the root do, for its top. */
  @Test
  void goesOnAfterAnEarlierEpochWasCopiedIntoItWhileItRan() throws IOException {
    a.terminate();
    byte[] earlier = epoch();
    a.start();
    a.awaitLive(1);
    workOnBoth();
    byte[] latest = epoch();
    assertFalse(Arrays.equals(earlier, latest));

    Files.setAttribute(a.root(), EPOCH, ByteBuffer.wrap(earlier));
    Deadline.in(SOON)
        .await("its epoch is put back", () -> Arrays.equals(epoch(), latest), a::describe);
    a.terminate();
    a.start();
    a.awaitLive(1);
    assertFalse(a.succeed("status").contains("held"), a::describe);
  }

  @Test
  void holdsADiskThatWasMadeAnewAndFilledFromABackup() throws IOException {
    Program.shell(home, "cp -a disk backup");
    workOnBoth();
    a.terminate();
    Program.shell(
        home,
        """
        umount disk; mkfs.ext4 -q -F image; mount -o loop image disk
        cp -a backup/. disk/
        """);
    assertTrue(((byte[]) Files.getAttribute(a.root(), "user:replicator.root")).length > 0);
    a.start();

    awaitHeld("another directory than before");
    awaitAllOfTheOther();
  }

  @Test
  void holdsADiskThatWasMadeAnewAndIsEmpty() throws IOException {
    workOnBoth();
    a.terminate();
    Program.shell(home, "umount disk; mkfs.ext4 -q -F image; mount -o loop image disk");
    a.start();

    awaitHeld("another directory than before");
    awaitAllOfTheOther();
  }

  private void approveAndHear(String words) throws IOException {
    Deadline.in(SOON)
        .await(
            "a is held and knows by what",
            () -> a.rootStatus().reason().contains("approve takes it"),
            a::describe);
    a.succeed("approve");
    Files.writeString(b.path("heard"), words);
    Deadline.in(SOON)
        .await(
            "a shows what b wrote: " + words,
            () -> Files.exists(a.path("heard")) && Files.readString(a.path("heard")).equals(words),
            a::describe);
  }

  /** From where things are staged for the one no rename leads to the other. */
  @Test
  void appliesWhatPeersWriteOnceAnotherFileSystemWasApprovedWhileItRan() throws IOException {
    Program.shell(
        home, "cp -a disk copy; umount -l disk; mount -t tmpfs none disk; cp -a copy/. disk/");
    approveAndHear("on tmpfs");
    workOnBoth();

    Program.shell(home, "umount -l disk; mount -o loop image disk");
    approveAndHear("on the disk again");
    cluster.converge();
    assertEquals("newer", Files.readString(a.path("newer")));
  }

  @Test
  void holdsWhatEmptiesAllButTheDirectoryOfItsFileSystem() throws IOException {
    workOnBoth();
    Program.shell(home, "rm -r disk/x disk/newer");

    awaitHeld("the root is empty");
  }
}
