package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.replicator.model.Digest;
import dev.replicator.model.NodeId;
import dev.replicator.vault.Vault;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full of other things has the vault give up what it may. */
class ReliefTest {
  private static final long PATIENCE_SECONDS = 20;
  private static final int KIBIBYTE = 1_024;
  private static final int DISK_BYTES = 4_096 * KIBIBYTE;
  private static final int VERSION_BYTES = 64 * KIBIBYTE;
  private static final long DAY_MILLIS = 86_400_000;
  private static final long MINUTE_MILLIS = 60_000;

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final SetClock clock = new SetClock();

  private static Digest digest(int number) {
    byte[] octets = new byte[32];
    octets[0] = (byte) number;
    return Digest.of(octets);
  }

  private void keep(Vault vault, int number, long ageMillis) throws Exception {
    clock.step(-ageMillis);
    vault.put(digest(number), channel -> channel.write(ByteBuffer.allocate(VERSION_BYTES)));
    clock.step(ageMillis);
  }

  /** Half of the reserve is left. */
  private static void fill(Path place, Vault vault) throws Exception {
    long bytes = vault.space().free() - vault.space().reserve() / 2;
    Files.write(place, new byte[(int) bytes]);
  }

  private void awaitNote(FileEngine engine, String text) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!String.join(" ", engine.report().notes()).contains(text)) {
      assertTrue(System.nanoTime() < end, () -> engine.report().toString());
      clock.pass(MINUTE_MILLIS);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void theOldestGoesUntilTheReserveIsThereAgainAndThatIsTold() throws Exception {
    Path disk =
        Files.createDirectory(
            Jimfs.newFileSystem(Configuration.unix().toBuilder().setMaxSize(DISK_BYTES).build())
                .getPath("/vault"));
    Vault vault = Vault.open(disk, clock);
    keep(vault, 1, 5 * DAY_MILLIS);
    keep(vault, 2, 4 * DAY_MILLIS);
    keep(vault, 3, 3 * DAY_MILLIS);
    fill(disk.resolveSibling("other"), vault);
    NodeId self = EngineOnDisk.node(1);
    FileEngine engine =
        EngineOnDisk.at(directory, "a")
            .clock(clock)
            .vault(disk)
            .open(self, EngineOnDisk.node(2), mesh.link(self));
    try {
      engine.start();
      awaitNote(engine, "the disk lacks room: 1 earlier version of 65536 bytes went for it");

      assertFalse(vault.holds(digest(1)));
      assertTrue(vault.holds(digest(2)));
      assertTrue(vault.holds(digest(3)));
      assertTrue(vault.space().free() >= vault.space().reserve());
    } finally {
      engine.stop();
      mesh.close();
    }
  }
}
