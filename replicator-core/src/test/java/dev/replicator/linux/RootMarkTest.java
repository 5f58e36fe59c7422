package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.RootIdentity;
import dev.replicator.port.TreeException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootMarkTest {
  @TempDir Path home;

  @Test
  void anEpochTakesThePlaceOfTheOneBeforeAndStaysWithTheDirectory() throws Exception {
    Path root = Files.createDirectory(home.resolve("root"));
    try (LinuxTree tree = LinuxTree.open(root, home)) {
      RootIdentity bare = tree.identity();
      assertEquals(0, bare.epoch());
      tree.mark(bare.withMarker("mark").withEpoch(1));
      tree.mark(bare.withMarker("mark").withEpoch(2));
      assertEquals(2, tree.identity().epoch());
      assertThrows(TreeException.class, () -> tree.mark(bare.withMarker("another").withEpoch(3)));
    }
    try (LinuxTree tree = LinuxTree.open(root, home)) {
      assertEquals("mark", tree.identity().marker());
      assertEquals(2, tree.identity().epoch());
    }
  }
}
