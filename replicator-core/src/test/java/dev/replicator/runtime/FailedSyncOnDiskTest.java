package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.journal.RocksJournal;
import dev.replicator.model.NodeId;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root of which the disk cannot be synced ends for good, and its journal knows why. */
class FailedSyncOnDiskTest {
  private static final long SOON_SECONDS = 30;

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  private static Tree failing(Tree tree) {
    return (Tree)
        Proxy.newProxyInstance(
            Tree.class.getClassLoader(),
            new Class<?>[] {Tree.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("sync")) {
                return new Tree.Synced.Failed(Problem.of(Problem.Kind.INPUT_OUTPUT));
              }
              try {
                return method.invoke(tree, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  @Test
  void theJournalRemembersThatASyncFailed() throws Exception {
    NodeId self = EngineOnDisk.node(1);
    EngineOnDisk parts = EngineOnDisk.at(directory, "a").trees(FailedSyncOnDiskTest::failing);
    Files.writeString(directory.resolve("a/f"), "text");
    FileEngine engine = parts.open(self, EngineOnDisk.node(2), mesh.link(self));
    engine.start();
    RootEnd end = engine.ended().get(SOON_SECONDS, TimeUnit.SECONDS);
    assertInstanceOf(RootEnd.Broken.class, end);
    engine.stop();
    try (RocksJournal journal = RocksJournal.open(directory.resolve("state-a/journal"))) {
      assertTrue(journal.root().orElseThrow().syncFailed());
      assertEquals(0, journal.root().orElseThrow().checkpointMillis());
    }

    FileEngine again =
        EngineOnDisk.at(directory, "a").open(self, EngineOnDisk.node(2), mesh.link(self));
    again.start();
    // A question is answered once the start is over.
    again.explain(RelativePath.of("f")).get(SOON_SECONDS, TimeUnit.SECONDS);
    List<String> notes = again.report().notes();
    again.stop();
    assertTrue(
        notes.stream().anyMatch(note -> note.startsWith("a sync failed since")), notes::toString);
  }
}
