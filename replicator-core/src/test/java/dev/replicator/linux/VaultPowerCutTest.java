package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.model.Digest;
import dev.replicator.vault.Vault;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a vault has said that it holds is there after the power failed, on a disk of its own. */
class VaultPowerCutTest {
  private static final Digest DIGEST = Digest.ofHex("ab".repeat(Digest.LENGTH_BYTES));
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path elsewhere;

  private static byte[] read(Vault vault) throws Exception {
    try (SeekableByteChannel channel = vault.open(DIGEST)) {
      ByteBuffer content = ByteBuffer.allocate((int) channel.size());
      channel.read(content);
      return content.array();
    }
  }

  /** Else none of the others proves anything. */
  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void whatNobodySyncedIsGone(String type) throws Exception {
    try (OwnDisk disk = OwnDisk.of(type)) {
      Path file = Files.write(disk.root().resolve("f"), CONTENT);
      disk.cutPower();
      assertFalse(Files.exists(file) && Files.size(file) == CONTENT.length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void whatWasPutIsThere(String type) throws Exception {
    try (OwnDisk disk = OwnDisk.of(type)) {
      Path place = disk.root().resolve("vault");
      Vault.open(place, MachineClock.open())
          .put(DIGEST, channel -> channel.write(ByteBuffer.wrap(CONTENT)));
      disk.cutPower();
      assertArrayEquals(CONTENT, read(Vault.open(place, MachineClock.open())));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void whatWasReleasedFromTheDiskOfTheRootIsThere(String type) throws Exception {
    Path root = Files.createDirectories(elsewhere.resolve("root"));
    Path state = Files.createDirectories(elsewhere.resolve("state"));
    try (OwnDisk disk = OwnDisk.of(type);
        LinuxTree tree = LinuxTree.open(root, state)) {
      Path place = disk.root().resolve("vault");
      Vault vault = Vault.open(place, MachineClock.open());
      Files.write(tree.storage().resolve("staging").resolve("0".repeat(32)), CONTENT);
      tree.release(tree.staged().getFirst(), vault.place(DIGEST));
      assertEquals(List.of(), tree.staged());
      disk.cutPower();
      assertTrue(Vault.open(place, MachineClock.open()).holds(DIGEST));
      assertArrayEquals(CONTENT, read(Vault.open(place, MachineClock.open())));
    }
  }
}
