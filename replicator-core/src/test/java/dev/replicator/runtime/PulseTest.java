package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root has a pulse as long as its thread works off what it is asked. */
class PulseTest {
  private static final long PATIENCE_SECONDS = 20;

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void close() {
    released.countDown();
    mesh.close();
  }

  /** Hangs on the root's thread when it is asked for a cookie. */
  private final class Hanging implements Watcher {
    @Override
    public Capabilities capabilities() {
      return new Capabilities("hanging", true, true);
    }

    @Override
    public List<String> notes() {
      return List.of();
    }

    @Override
    public void start(Listener listener) {}

    @Override
    public void cookie(Runnable seen) {
      hanging.countDown();
      boolean interrupted = false;
      while (released.getCount() > 0) {
        try {
          released.await();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      seen.run();
    }

    @Override
    public void close() {}
  }

  @Test
  void stopsWhileTheThreadHangsAndFailsOnceItHasEnded() throws Exception {
    NodeId self = EngineOnDisk.node(1);
    FileEngine engine =
        EngineOnDisk.at(directory, "a")
            .watchers(ignored -> new Hanging())
            .open(self, EngineOnDisk.node(2), mesh.link(self));
    engine.start();
    engine.pulse().get(PATIENCE_SECONDS, TimeUnit.SECONDS);

    CompletableFuture<BarrierReport> unused =
        engine.barrier(RelativePath.ROOT, OptionalInt.empty(), Duration.ofMinutes(5));
    hanging.await();
    CompletableFuture<Void> pulse = engine.pulse();
    assertFalse(pulse.isDone());

    released.countDown();
    pulse.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    engine.stop();
    assertInstanceOf(
        RootEndedException.class,
        assertThrows(ExecutionException.class, () -> engine.pulse().get()).getCause());
  }
}
