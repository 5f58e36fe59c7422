package dev.replicator.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.replicator.host.MachineClock;
import dev.replicator.model.Digest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vault on a disk that has bad sectors, or of a machine whose clock is wrong. */
final class DamagedVaultTest {
  private static final Digest GOOD = Digest.ofHex("aa".repeat(32));
  private static final Digest LOST = Digest.ofHex("bb".repeat(32));
  private static final Duration WEEK = Duration.ofDays(7);

  @TempDir private Path base;

  @BeforeEach
  void makeDirectory() throws Exception {
    Files.createDirectory(base.resolve("vault"));
  }

  private Vault open() throws Exception {
    return Vault.open(base.resolve("vault"), MachineClock.open());
  }

  @Test
  void isSweptWhereItCanBeLookedAt() throws Exception {
    Vault vault = open();
    for (Digest digest : Set.of(GOOD, LOST)) {
      vault.put(digest, channel -> channel.write(ByteBuffer.wrap(new byte[] {1})));
    }
    Path damaged = base.resolve("vault/bb");
    Files.move(damaged, base.resolve("was"));
    Files.createSymbolicLink(damaged, damaged);

    Instant later = Instant.now().plus(WEEK).plus(WEEK);
    Set<Digest> going =
        vault.beginSweep(vault.takeStock(), new Bounds(later, WEEK, Long.MAX_VALUE));
    vault.endSweep(digest -> false);

    assertEquals(Set.of(GOOD), going);
    assertFalse(vault.holds(GOOD));
  }

  @Test
  void keepsTheTimeByWhichThingsAreOld() throws Exception {
    assertEquals(OptionalLong.empty(), open().time().read());
    open().time().keep(1_700_000_000_000L);
    open().time().keep(1_700_000_000_001L);
    assertEquals(OptionalLong.of(1_700_000_000_001L), open().time().read());
    assertEquals(0, open().takeStock().size());
  }
}
