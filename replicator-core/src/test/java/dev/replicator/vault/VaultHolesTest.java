package dev.replicator.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.host.MachineClock;
import dev.replicator.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of which the disk holds less than its length says. */
final class VaultHolesTest {
  private static final long BLOCK = Holdings.BLOCK_BYTES;
  private static final Digest SMALL = Digest.ofHex("ab".repeat(32));
  private static final Digest LARGE = Digest.ofHex("cd".repeat(32));
  private static final int LARGE_BYTES = 3 << 20;

  private static Vault.Swept sweep(Vault vault, long bytesMax) throws IOException {
    Holdings holdings = vault.takeStock();
    vault.beginSweep(
        holdings,
        new Bounds(Instant.now().plus(Duration.ofHours(1)), Duration.ofDays(7), bytesMax));
    return vault.endSweep(digest -> false);
  }

  @Test
  void countsAsWhatItTakesOfTheDisk(@TempDir Path directory) throws Exception {
    Vault vault = Vault.open(directory, MachineClock.open(), file -> BLOCK);
    vault.put(SMALL, channel -> channel.write(ByteBuffer.allocate(7)));
    vault.put(LARGE, channel -> channel.write(ByteBuffer.allocate(LARGE_BYTES)));

    assertEquals(0, sweep(vault, 3 * BLOCK).removed());
    assertEquals(Optional.of((long) LARGE_BYTES), vault.size(LARGE));
    assertEquals(new Vault.Swept(2, 2 * BLOCK, false), sweep(vault, BLOCK));
  }
}
