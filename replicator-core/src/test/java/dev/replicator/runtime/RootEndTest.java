package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.InvariantViolation;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asks a root that has ended is told so at once. */
class RootEndTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final CompletableFuture<Runnable> cookie = new CompletableFuture<>();

  @AfterEach
  void close() {
    mesh.close();
  }

  /** Lets a test run something on the root's thread, in place of looking at capabilities. */
  private final class Trap implements Watcher {
    private final RuntimeException thrown;
    private volatile boolean armed;

    Trap(RuntimeException thrown) {
      this.thrown = thrown;
    }

    @Override
    public Capabilities capabilities() {
      return new Capabilities("trap", true, true);
    }

    @Override
    public List<String> notes() {
      return List.of();
    }

    @Override
    public void start(Listener listener) {}

    @Override
    public void cookie(Runnable seen) {
      if (armed) {
        throw thrown;
      }
      cookie.complete(seen);
    }

    @Override
    public void close() {}
  }

  private FileEngine engine(Trap trap) throws Exception {
    NodeId self = EngineOnDisk.node(1);
    FileEngine engine =
        EngineOnDisk.at(directory, "a")
            .watchers(ignored -> trap)
            .open(self, EngineOnDisk.node(2), mesh.link(self));
    engine.start();
    return engine;
  }

  private static CompletableFuture<BarrierReport> barrier(FileEngine engine) {
    return engine.barrier(RelativePath.ROOT, OptionalInt.empty(), Duration.ofMinutes(5));
  }

  private static String failureOf(CompletableFuture<?> question) {
    ExecutionException failed =
        assertThrows(
            ExecutionException.class, () -> question.get(SOON.toMillis(), TimeUnit.MILLISECONDS));
    return String.valueOf(
        assertInstanceOf(RootEndedException.class, failed.getCause()).getMessage());
  }

  @Test
  void failsWhatWaitsAndWhatIsAskedLaterOnceTheDiskRefused() throws Exception {
    Trap trap = new Trap(new UncheckedIOException("no space left", new IOException()));
    FileEngine engine = engine(trap);
    CompletableFuture<BarrierReport> early = barrier(engine);
    cookie.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    trap.armed = true;
    CompletableFuture<BarrierReport> fatal = barrier(engine);

    assertEquals(
        new RootEnd.Failed("no space left"),
        engine.ended().get(SOON.toMillis(), TimeUnit.MILLISECONDS));
    for (CompletableFuture<?> question :
        List.of(
            early,
            fatal,
            engine.pause(),
            engine.explain(RelativePath.of("f")),
            engine.history(RelativePath.of("f"), 1),
            engine.resync(new ResyncReport.Order(false, false), progress -> {}))) {
      assertEquals("root wp-content failed: no space left", failureOf(question));
    }
    assertEquals(RootReport.State.FAILED, engine.report().state());
    engine.stop();
  }

  /** Nothing is put any more, and a root that is opened again makes another one. */
  @Test
  void endsWhenSomebodyRemovedTheDirectoryItWorksWith() throws Exception {
    FileEngine engine = engine(new Trap(new IllegalStateException()));
    removeAll("staging");

    RootEnd end = engine.ended().get(SOON.toMillis(), TimeUnit.MILLISECONDS);

    RootEnd.Failed failed = assertInstanceOf(RootEnd.Failed.class, end);
    assertTrue(failed.reason().contains("the directory that replicator works with was removed"));
    engine.stop();
  }

  private void removeAll(String name) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path :
          all.filter(it -> it.toString().contains("/" + name))
              .sorted(Comparator.reverseOrder())
              .toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void tellsABrokenInvariantFromAFailure() throws Exception {
    Trap trap = new Trap(new InvariantViolation("something holds"));
    trap.armed = true;
    FileEngine engine = engine(trap);
    CompletableFuture<BarrierReport> fatal = barrier(engine);

    RootEnd end = engine.ended().get(SOON.toMillis(), TimeUnit.MILLISECONDS);

    assertInstanceOf(RootEnd.Broken.class, end);
    assertTrue(failureOf(fatal).contains("something holds"));
    engine.stop();
  }

  @Test
  void tellsOfAStopThatItWasOne() throws Exception {
    FileEngine engine = engine(new Trap(new IllegalStateException()));
    CompletableFuture<BarrierReport> early = barrier(engine);

    engine.stop();

    assertEquals(new RootEnd.Stopped(), engine.ended().get(SOON.toMillis(), TimeUnit.MILLISECONDS));
    assertEquals("root wp-content was stopped", failureOf(early));
  }
}
