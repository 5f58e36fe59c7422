package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Digest;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Journal;
import dev.replicator.port.Tree;
import dev.replicator.portable.PortableTree;
import dev.replicator.vault.Vault;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Until the first scan is over the vault may have the last whole copy of what a crash tore. */
class RetentionTest {
  private static final long PATIENCE_SECONDS = 20;
  private static final long WEEKS_MILLIS = 30L * 86_400_000;
  private static final long HOUR_MILLIS = 3_600_000;

  /** A minute after the start, and by when all is told that goes. */
  private static final List<Long> SWEEP_MILLIS = List.of(61_000L, 2_000L);

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final SetClock clock = new SetClock();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final SlowWatcher watcher = new SlowWatcher();
  private final Digest old = Digest.of(new byte[32]);

  private Vault vault() throws Exception {
    Path state = Files.createDirectories(directory.resolve("state-a"));
    Path root = Files.createDirectories(directory.resolve("a"));
    try (PortableTree tree = PortableTree.open(root, state)) {
      return Vault.open(tree.storage().resolve("vault"), clock);
    }
  }

  private FileEngine engine() throws Exception {
    NodeId self = EngineOnDisk.node(1);
    return EngineOnDisk.at(directory, "a")
        .clock(clock)
        .watchers(ignored -> watcher)
        .trees(real -> Noting.calls(Tree.class, real, (call, arguments) -> note(call, "listing")))
        .journals(real ->
            Noting.calls(Journal.class, real, (call, arguments) -> note(call, "historyAfter")))
        .open(self, EngineOnDisk.node(2), mesh.link(self));
  }

  private void note(String call, String wanted) {
    if (call.equals(wanted)) {
      done.add(call);
    }
  }

  private void sweepIsDue(FileEngine engine) throws Exception {
    for (long millis : SWEEP_MILLIS) {
      clock.pass(millis);
      engine.report();
      engine.history(RelativePath.of("f"), 1).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  void nothingLeavesTheVaultBeforeTheFirstScanIsOver() throws Exception {
    Vault vault = vault();
    clock.step(-WEEKS_MILLIS);
    vault.put(old, channel -> channel.write(ByteBuffer.wrap(new byte[] {1})));
    clock.step(WEEKS_MILLIS);
    FileEngine engine = engine();
    try {
      engine.start();
      engine.report();
      sweepIsDue(engine);
      assertTrue(vault.holds(old));

      watcher.mayStart.countDown();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (vault.holds(old)) {
        assertTrue(System.nanoTime() < end, () -> "still there: " + done);
        clock.pass(HOUR_MILLIS);
        engine.report();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
      assertEquals("listing", done.getFirst(), done::toString);
      assertTrue(done.contains("historyAfter"), done::toString);
    } finally {
      engine.stop();
      mesh.close();
    }
  }
}
