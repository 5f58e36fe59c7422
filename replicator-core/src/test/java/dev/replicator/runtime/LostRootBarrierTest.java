package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody put another directory in the place of the root, and waits for what he wrote there. */
class LostRootBarrierTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  /** Has one ordered queue, in which nothing comes: it watches the directory that was moved. */
  private static final class Quiet implements Watcher {
    @Override
    public Capabilities capabilities() {
      return new Capabilities("quiet", true, true);
    }

    @Override
    public List<String> notes() {
      return List.of();
    }

    @Override
    public void start(Listener listener) {}

    @Override
    public void cookie(Runnable seen) {
      seen.run();
    }

    @Override
    public void close() {}
  }

  @Test
  void isToldThatTheRootIsNotLive() throws Exception {
    NodeId self = EngineOnDisk.node(1);
    EngineOnDisk parts = EngineOnDisk.at(directory, "a").watchers(ignored -> new Quiet());
    FileEngine engine = parts.open(self, EngineOnDisk.node(2), mesh.link(self));
    engine.start();
    assertEquals(BarrierReport.Outcome.DONE, barrier(engine));

    Files.move(directory.resolve("a"), directory.resolve("moved"));
    Files.createDirectory(directory.resolve("a"));
    Files.writeString(directory.resolve("a/f"), "text");
    assertEquals(BarrierReport.Outcome.NOT_LIVE, barrier(engine));
    engine.stop();
  }

  private static BarrierReport.Outcome barrier(FileEngine engine) throws Exception {
    return engine
        .barrier(RelativePath.ROOT, OptionalInt.of(0), LONG)
        .get(LONG.toSeconds(), TimeUnit.SECONDS)
        .outcome();
  }
}
