package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root in whose place another directory is taken for it while the tree is open. */
class AnotherRootTest {
  private static final String NAME = "0123456789abcdef0123456789abcdef";

  @TempDir Path home;

  private void place(Path directory) throws Exception {
    Files.deleteIfExists(home.resolve("root"));
    Files.createSymbolicLink(home.resolve("root"), directory);
  }

  private LinuxTree open() throws Exception {
    return LinuxTree.open(home.resolve("root"), home.resolve("state"));
  }

  @Test
  void isWorkedWithAsBeforeOnTheSameFileSystem() throws Exception {
    place(Files.createDirectory(home.resolve("one")));
    try (LinuxTree tree = open()) {
      tree.pin(tree.identity());
      place(Files.createDirectory(home.resolve("other")));
      assertTrue(tree.isWorkable());
      tree.pin(tree.identity());
      assertTrue(tree.isWorkable());
    }
  }

  @Test
  void isOpenedAgainOnAnotherFileSystemAndTakesOverWhatWaited() throws Exception {
    try (OwnDisk disk = OwnDisk.of("tmpfs")) {
      place(Files.createDirectory(home.resolve("one")));
      try (LinuxTree tree = open()) {
        tree.pin(tree.identity());
        Files.writeString(home.resolve("state/staging").resolve(NAME), "all that is left");
        place(disk.directory());
        assertTrue(tree.isWorkable(), "nothing else was taken for the root yet");
        tree.pin(tree.identity());
        assertFalse(tree.isWorkable());
      }
      try (LinuxTree tree = open()) {
        tree.pin(tree.identity());
        assertTrue(tree.isWorkable());
        assertEquals(home.resolve("root/.replicator"), tree.storage());
        assertEquals(List.of(NAME), tree.strays());
        assertEquals(tree.takeStray(NAME), tree.staged());
      }
    }
  }
}
