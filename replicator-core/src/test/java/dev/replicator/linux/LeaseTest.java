package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel tells and does of a lease. */
final class LeaseTest {
  private static final int WRITE = 1;

  @TempDir private Path directory;

  private Descriptor file() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "x");
    return PathCalls.openNamed(AdminPath.octets(file), PathCalls.LOCATE);
  }

  @Test
  void keepsWritersOutWhileItIsHeld() throws Exception {
    try (Descriptor file = file()) {
      try (Lease lease = Lease.ask(file)) {
        assertTrue(lease.isGiven());

        Errno refused =
            assertThrows(
                Errno.class, () -> PathCalls.reopen(file.number(), WRITE | PathCalls.NON_BLOCKING));

        assertEquals(Errno.EAGAIN, refused.number());
      }
      PathCalls.reopen(file.number(), WRITE | PathCalls.NON_BLOCKING).close();
    }
  }

  @Test
  void isRefusedWhileSomebodyWritesOrMaps() throws Exception {
    try (Descriptor file = file()) {
      assertFalse(Lease.isRefused(file));
      try (FileChannel writer =
          FileChannel.open(directory.resolve("f"), StandardOpenOption.WRITE)) {
        assertTrue(writer.isOpen());
        assertTrue(Lease.isRefused(file));
      }
      assertFalse(Lease.isRefused(file));
    }
  }
}
