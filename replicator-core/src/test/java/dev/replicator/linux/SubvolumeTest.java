package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.port.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What btrfs tells of its subvolumes, below a root and as one. */
class SubvolumeTest {
  @TempDir Path state;

  private static void btrfs(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 2];
    command[0] = "btrfs";
    command[1] = "subvolume";
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), output);
  }

  private LinuxTree open(Path root) throws Exception {
    return LinuxTree.open(root, state);
  }

  private RootIdentity identity(Path root) throws Exception {
    try (LinuxTree tree = open(root)) {
      return tree.identity();
    }
  }

  @Test
  void aSnapshotIsAnotherRootThoughItHasAllThatIsKeptWithIt() throws Exception {
    try (OwnDisk disk = OwnDisk.of("btrfs")) {
      Path volume = disk.root().resolve("volume");
      btrfs("create", volume.toString());
      try (LinuxTree tree = open(volume)) {
        tree.mark(tree.identity().withMarker("mark").withEpoch(3));
      }
      RootIdentity known = identity(volume);
      Path snapshot = disk.root().resolve("snapshot");
      btrfs("snapshot", volume.toString(), snapshot.toString());

      RootIdentity other = identity(snapshot);
      assertEquals(known.inode(), other.inode());
      assertEquals(known.marker(), other.marker());
      assertEquals(known.bornMillis(), other.bornMillis());
      assertEquals(known.epoch(), other.epoch());
      assertFalse(other.isSame(known));

      assertEquals(0, new ProcessBuilder("sync", "-f", volume.toString()).start().waitFor());
      disk.cutPower();
      assertTrue(identity(volume).isSame(known), "mounted again it is itself");
      assertEquals(known.subvolume(), identity(volume).subvolume());
    }
  }

  @Test
  void oneBelowTheRootIsToldOfWhileItIsThere() throws Exception {
    try (OwnDisk disk = OwnDisk.of("btrfs")) {
      Path below = Files.createDirectory(disk.root().resolve("d")).resolve("below");
      try (LinuxTree tree = open(disk.root())) {
        btrfs("create", below.toString());
        assertEquals(List.of(), tree.mountPoints(), "nobody came by");
        RelativePath path = RelativePath.of("d/below");
        assertEquals(
            List.of(new Tree.Child(path, new Tree.Look.Special("subvolume"))),
            tree.list(RelativePath.of("d")));
        assertEquals(List.of(path), tree.mountPoints());
        assertEquals(new Tree.Look.Special("subvolume"), tree.look(path));

        btrfs("delete", below.toString());
        Files.createDirectory(below);
        assertEquals(List.of(), tree.mountPoints());
      }
    }
  }

  @Test
  void otherFileSystemsTellOfNone() throws Exception {
    try (OwnDisk disk = OwnDisk.of("ext4")) {
      assertEquals(OptionalLong.empty(), identity(disk.directory()).subvolume());
    }
  }
}
