package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.Problem;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import org.junit.jupiter.api.Test;

/** Files that each have room would fill a disk together. */
final class FreeSpaceTest {
  private static final long MIB = 1_024 * 1_024;
  private final FakeDisk disk = new FakeDisk();
  private final FakeTree tree = new FakeTree(disk);
  private final FreeSpace space = new FreeSpace(tree, new Parts(tree));

  @Test
  void whatIsPromisedIsNobodyElses() throws Exception {
    disk.leave(200 * MIB);
    try (FreeSpace.Promise first = space.promise(100 * MIB)) {
      TreeException refused = assertThrows(TreeException.class, () -> space.promise(100 * MIB));
      assertEquals(Problem.Kind.DISK_FULL, refused.problem().kind());
      space.promise(20 * MIB).close();
    }
    space.promise(100 * MIB).close();
  }
}
