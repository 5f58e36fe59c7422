package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.port.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Somebody was within {@code open(2)} while his file gave way, and writes once the vault has it.
 */
final class SecondLooksTest extends TwoEngines {
  private final AtomicBoolean late = new AtomicBoolean();

  @Override
  void prepare(String name, EngineOnDisk parts) {
    if (name.equals("here")) {
      parts.trees(tree -> Noting.calls(Tree.class, tree, this::beforeTheLook));
    }
  }

  private void beforeTheLook(String call, List<Object> arguments) {
    if (call.equals("released") && late.compareAndSet(false, true)) {
      try {
        Files.writeString((Path) arguments.getFirst(), " late", StandardOpenOption.APPEND);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  @Test
  void itBecomesAVersionThatBothNodesList() throws Exception {
    write("there", "f", "theirs");
    await(late::get);
    await(() -> engines.stream().allMatch(engine -> engine.report().conflicts() == 1));
    settle();

    for (FileEngine engine : engines) {
      List<VersionReport> versions =
          engine.conflicts(ReplicatedRoot.ConflictKind.WRITTEN, 9).get().getFirst().versions();
      assertTrue(versions.stream().allMatch(VersionReport::availableHere), versions::toString);
      assertEquals(2, versions.size());
    }
    assertEquals("old late", read("here", "f"));
    assertEquals("old late", read("there", "f"));
  }
}
