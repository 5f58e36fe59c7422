package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start costs in a large tree. */
class FirstScanTest {
  private static final long PATIENCE_SECONDS = 20;

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final AtomicInteger scans = new AtomicInteger();
  private final SlowWatcher watcher = new SlowWatcher();

  private Tree counted(Tree tree) {
    return Noting.calls(
        Tree.class,
        tree,
        (method, arguments) -> {
          if (method.equals("listing") && arguments.getFirst().equals(RelativePath.ROOT)) {
            scans.incrementAndGet();
          }
        });
  }

  @Test
  void scansOnceWhenTheWatchesStandAndServesMeanwhile() throws Exception {
    FileEngine engine =
        EngineOnDisk.at(directory, "a")
            .watchers(ignored -> watcher)
            .trees(this::counted)
            .open(EngineOnDisk.node(1), EngineOnDisk.node(2), mesh.link(EngineOnDisk.node(1)));
    try {
      engine.start();
      assertTrue(watcher.starting.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertEquals(RootReport.State.SCANNING, engine.report().state());
      assertEquals(0, scans.get());
      Files.writeString(directory.resolve("a/late"), "while the watches are placed");

      watcher.mayStart.countDown();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (engine.report().state() != RootReport.State.LIVE) {
        assertTrue(System.nanoTime() < end, () -> "not live: " + engine.report());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
      assertEquals(1, engine.report().census().present());
      assertEquals(1, scans.get());
    } finally {
      engine.stop();
      mesh.close();
    }
  }
}
