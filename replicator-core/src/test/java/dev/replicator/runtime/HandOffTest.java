package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On which thread an exchange runs that comes alone. */
class HandOffTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] LARGE = filled(Limits.INLINE_BYTES_MAX + 1, 'l');
  private static final byte[] SMALL = filled(100, 's');

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final BlockingQueue<String> exchanging = new LinkedBlockingQueue<>();
  private final List<FileEngine> engines = new ArrayList<>();

  private static byte[] filled(int length, char octet) {
    byte[] content = new byte[length];
    Arrays.fill(content, (byte) octet);
    return content;
  }

  @BeforeEach
  void start() throws Exception {
    start("from", 1, 2);
    start("to", 2, 1);
    mesh.connect(EngineOnDisk.node(1), EngineOnDisk.node(2));
  }

  private void start(String name, int self, int peer) throws Exception {
    FileEngine engine =
        EngineOnDisk.at(directory, name)
            .trees(tree -> name.equals("to") ? noting(tree) : tree)
            .open(
                EngineOnDisk.node(self),
                EngineOnDisk.node(peer),
                mesh.link(EngineOnDisk.node(self)));
    engine.start();
    engine.report();
    engines.add(engine);
  }

  @AfterEach
  void end() {
    engines.forEach(FileEngine::stop);
    mesh.close();
  }

  private Tree noting(Tree tree) {
    return Noting.calls(
        Tree.class,
        tree,
        (method, arguments) -> {
          if (method.startsWith("exchange")) {
            exchanging.add(Thread.currentThread().getName());
          }
        });
  }

  /** Changes {@code f} and tells the thread on which the other node exchanged it. */
  private String exchangedBy(byte[] content) throws Exception {
    Files.write(directory.resolve("from/f"), content);
    BarrierReport report =
        engines.getFirst().barrier(RelativePath.ROOT, OptionalInt.empty(), PATIENCE).get();
    assertEquals(BarrierReport.Outcome.DONE, report.outcome());
    String thread = exchanging.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertTrue(thread != null && exchanging.isEmpty(), () -> "exchanged once: " + exchanging);
    return String.valueOf(thread);
  }

  @Test
  void whatReplacesALargeFileIsExchangedByAWorker() throws Exception {
    exchangedBy(LARGE);

    String thread = exchangedBy(SMALL);

    assertTrue(thread.startsWith("work-"), thread);
  }
}
