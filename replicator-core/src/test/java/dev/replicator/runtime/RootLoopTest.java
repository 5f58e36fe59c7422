package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootLoopTest {
  private static final long YEAR = 365L * 24 * 60 * 60 * 1_000;
  private static final long PATIENCE_SECONDS = 20;
  private static final long STOP_MILLIS = 5_000;
  private static final long PAUSE_MILLIS = 300;

  private final SetClock clock = new SetClock();
  private final LocalMesh mesh = new LocalMesh();

  @TempDir private Path directory;
  private EngineParts parts;
  private RootLoop loop;

  @BeforeEach
  void start() throws Exception {
    parts =
        EngineOnDisk.at(directory, "root")
            .clock(clock)
            .parts(EngineOnDisk.node(1), EngineOnDisk.node(2), mesh.link(EngineOnDisk.node(1)));
    loop = new RootLoop(parts, new Timings());
    loop.start();
  }

  @AfterEach
  void end() {
    loop.stop(STOP_MILLIS);
    loop.effects().close();
    parts.journal().close();
    parts.tree().close();
    mesh.close();
  }

  private void reachRoot() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    loop.submit(reached::countDown);
    assertTrue(reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @ValueSource(longs = {-YEAR, YEAR})
  void timersRunInTheirTimeThoughSomebodySetsTheClock(long millis) throws Exception {
    CompletableFuture<Long> ran = new CompletableFuture<>();
    long from = System.nanoTime();
    loop.later(PAUSE_MILLIS, () -> ran.complete(System.nanoTime()));
    reachRoot();
    clock.step(millis);

    long waited = ran.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - from;
    assertTrue(waited >= TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS), () -> waited + " ns");
  }
}
