package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AllocationTest {
  private static final int BYTES = 64 * 1024;

  @Test
  void holesCountForNothing(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("a file");
    Files.write(file, new byte[BYTES]);
    long before = Allocation.bytes(file);
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(8L << 30);
    }

    assertTrue(before >= BYTES);
    assertEquals(before, Allocation.bytes(file));
    assertThrows(NoSuchFileException.class, () -> Allocation.bytes(directory.resolve("none")));
  }
}
