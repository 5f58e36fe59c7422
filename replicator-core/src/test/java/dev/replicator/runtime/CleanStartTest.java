package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.NodeId;
import dev.replicator.port.Journal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start takes the marker of a clean stop off the disk before it does anything else. */
class CleanStartTest {
  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  /** What the root's thread asks of its journal to keep, from its start to its end. */
  private List<String> runOnce() throws Exception {
    List<String> kept = new CopyOnWriteArrayList<>();
    NodeId self = EngineOnDisk.node(1);
    FileEngine engine =
        EngineOnDisk.at(directory, "a")
            .journals(real ->
                Noting.calls(
                    Journal.class,
                    real,
                    (method, arguments) -> {
                      boolean keeps = method.equals("append") || method.equals("sync");
                      if (keeps && Thread.currentThread().getName().startsWith("root-")) {
                        kept.add(method);
                      }
                    }))
            .open(self, EngineOnDisk.node(2), mesh.link(self));
    engine.start();
    engine.stop();
    return kept;
  }

  @Test
  void syncsWhatItAppendsFirstAfterACleanStop() throws Exception {
    assertEquals("append", runOnce().get(0));
    assertEquals(List.of("append", "sync"), runOnce().subList(0, 2));
  }
}
