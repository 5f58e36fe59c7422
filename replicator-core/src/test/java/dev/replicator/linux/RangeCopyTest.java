package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import dev.replicator.port.DiskChannel;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.StagedFile;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken over from a file that is here takes no disk where a file system can share it. */
final class RangeCopyTest {
  private static final int BLOCK_BYTES = 4_096;
  private static final int FILE_BYTES = 2 * 1_024 * 1_024 + 5_000;
  private static final RelativePath PATH = RelativePath.of("f");

  /**
   * Where it begins, how long it is, and where it goes. The last column is how many of its blocks
   * stand alike and whole in both files.
   */
  private static final long[][] RANGES = {
    {0, FILE_BYTES, 0, FILE_BYTES / BLOCK_BYTES},
    {0, 1_024 * 1_024, 1_024 * 1_024, 256},
    {5_000, 1_000_000, 5_000, 243},
    {5_000, 1_000_000, 904, 243},
    {4_096, 8_191, 0, 1},
    {100, 300, 100, 0},
    {1, 1_000_000, 0, 0}
  };

  @ParameterizedTest
  @CsvSource({"xfs, true", "btrfs, true", "ext4, false"})
  void sharesWholeBlocksWhereTheFileSystemCanAndHasTheKernelCopyElse(String type, boolean shares)
      throws Exception {
    byte[] content = new byte[FILE_BYTES];
    new Random(1).nextBytes(content);
    try (OwnDisk disk = OwnDisk.of(type)) {
      Path root = Files.createDirectory(disk.root().resolve("root"));
      Files.write(root.resolve("f"), content);
      for (long[] range : RANGES) {
        try (LinuxTree tree = LinuxTree.open(root, disk.root().resolve("state"))) {
          Path copy = copy(tree, range);

          byte[] expected =
              Arrays.copyOfRange(content, (int) range[0], (int) (range[0] + range[1]));
          byte[] found = Files.readAllBytes(copy);
          assertArrayEquals(expected, Arrays.copyOfRange(found, (int) range[2], found.length));
          long shared = sharedBlocks(copy);
          // At the end of a file some share a part of a block too.
          long most = shares ? range[3] + 1 : 0;
          assertTrue(
              shared >= (shares ? range[3] : 0) && shared <= most,
              () -> shared + " blocks are shared of " + Arrays.toString(range));
          Files.delete(copy);
        }
      }
    }
  }

  /** Nobody knows when that ends, and the path waits for it. */
  @Test
  @Timeout(60)
  void endsWhereSomebodyCutsTheSourceOffMeanwhile(@TempDir Path directory) throws Exception {
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.write(root.resolve("f"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    try (LinuxTree tree = LinuxTree.open(root, directory.resolve("state"))) {
      Look.Found found = assertInstanceOf(Look.Found.class, tree.look(PATH));
      try (SeekableByteChannel source = tree.read(PATH, found.stamp());
          StagedFile staged = tree.stageFile()) {
        DiskChannel channel = (DiskChannel) staged.channel();
        assertTrue(channel.copyFrom(source, 0, 2, 0));
        Files.write(root.resolve("f"), new byte[] {1});
        assertTrue(channel.copyFrom(source, 2, 6, 2));
      }
    }
  }

  /** Through memory nothing would be shared: true says that the kernel did it. */
  private static Path copy(LinuxTree tree, long[] range) throws Exception {
    Look.Found found = assertInstanceOf(Look.Found.class, tree.look(PATH));
    try (SeekableByteChannel source = tree.read(PATH, found.stamp());
        StagedFile staged = tree.stageFile()) {
      assertTrue(((DiskChannel) staged.channel()).copyFrom(source, range[0], range[1], range[2]));
      staged.seal(range[2] + range[1], Instant.EPOCH, found.attributes());
      return tree.storage().resolve("staging").resolve(staged.name());
    }
  }

  /** As the file system tells where a file's blocks are. */
  private static long sharedBlocks(Path file) throws IOException, InterruptedException {
    Process filefrag =
        new ProcessBuilder("filefrag", "-s", "-v", "-b" + BLOCK_BYTES, file.toString())
            .redirectErrorStream(true)
            .start();
    String told = new String(filefrag.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, filefrag.waitFor(), told);
    return told.lines()
        .filter(line -> line.matches("\\s*\\d+:.*\\bshared\\b.*"))
        .mapToLong(line -> Long.parseLong(line.split(":")[3].strip()))
        .sum();
  }
}
