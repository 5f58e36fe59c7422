package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract where temporary files are. */
final class LinuxTreeTest extends LinuxTreeContract {
  private Path base = Path.of("");

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    openAt(directory);
    base = directory;
  }

  @Test
  void noticesThatItsDirectoryWasRemoved() throws Exception {
    assertTrue(tree().isWorkable());
    try (Stream<Path> all = Files.walk(base.resolve("state"))) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    assertFalse(tree().isWorkable());
    assertTrue(reopen().isWorkable());
  }

  /** It is another one for the same disk after a boot, or when it is mounted again. */
  @Test
  void stampsDoNotHoldTheNumberOfADevice() throws Exception {
    Files.writeString(base.resolve("root/f"), "text");
    Tree.Look.Found found =
        assertInstanceOf(Tree.Look.Found.class, tree().look(RelativePath.of("f")));
    assertEquals(0, found.stamp().device());
    assertNotEquals(0, tree().identity().device());
  }
}
