package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Problem;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of a disk that becomes full, and has room again. */
final class FreeSpaceTest {
  private static final long MEBIBYTE = 1_024 * 1_024;

  private final FakeDisk disk = new FakeDisk();
  private final FakeTree tree = new FakeTree(disk);
  private final FreeSpace space = new FreeSpace(tree, new Parts(tree));
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void listen() {
    space.tell(
        new FreeSpace.Telling() {
          @Override
          public void paused(String figures) {
            told.add("paused: " + figures);
          }

          @Override
          public void goesOn(String figures) {
            told.add("goes on: " + figures);
          }
        });
  }

  private void lacks(long bytes) {
    assertThrows(TreeException.class, () -> space.require(bytes));
  }

  @Test
  void aDiskThatBecomesFullIsToldOnceWithFigures() throws Exception {
    space.require(1);
    assertEquals(List.of(), told);

    disk.leave(100);
    lacks(1_000);
    lacks(1_000);
    lacks(2_000);
    assertEquals(1, told.size());
    assertTrue(told.getFirst().startsWith("paused: 100 bytes free, 1000 wanted, "), told::toString);
  }

  @Test
  void thatItGoesOnIsToldOnce() throws Exception {
    disk.leave(100);
    lacks(1_000);
    disk.leave(500 * MEBIBYTE);
    space.require(1_000);
    space.require(1_000);

    assertEquals(2, told.size());
    assertEquals("goes on: 524288000 bytes free", told.getLast());
    disk.leave(100);
    lacks(1_000);
    assertEquals(3, told.size());
  }

  /** Else they fill the disk together, fail both, and begin again and again. */
  @Test
  void ofTwoLargeFilesThatDoNotBothFitTheSecondWaitsForTheFirst() throws Exception {
    disk.leave(500 * MEBIBYTE);
    try (Tree.StagedFile one = tree.stageFile();
        Tree.StagedFile other = tree.stageFile();
        FreeSpace.Promise first = space.promise(300 * MEBIBYTE, one.channel())) {
      TreeException refused =
          assertThrows(TreeException.class, () -> space.promise(250 * MEBIBYTE, other.channel()));
      assertEquals(Problem.Kind.BUSY, refused.problem().kind(), "else its part would be dropped");
      assertTrue(refused.problem().detail().contains("314572800 bytes of what is free"));
      space.promise(1_000, other.channel()).close();
      first.close();
      space.promise(250 * MEBIBYTE, other.channel()).close();
    }
  }

  /** What is written is in what is free already. */
  @Test
  void whatIsWrittenIsNotPromisedAnyMore() throws Exception {
    disk.leave(100 * MEBIBYTE);
    try (Tree.StagedFile one = tree.stageFile();
        Tree.StagedFile other = tree.stageFile();
        FreeSpace.Promise first = space.promise(30 * MEBIBYTE, one.channel())) {
      one.channel().write(ByteBuffer.allocate(Math.toIntExact(20 * MEBIBYTE)));
      disk.leave(80 * MEBIBYTE);
      space.promise(5 * MEBIBYTE, other.channel()).close();
    }
  }

  @Test
  void whatFitsWhileALargeFileWaitsIsNoNews() throws Exception {
    disk.leave(100 * MEBIBYTE);
    lacks(1_000 * MEBIBYTE);
    space.require(MEBIBYTE);
    lacks(1_000 * MEBIBYTE);
    space.require(MEBIBYTE);
    assertEquals(1, told.size());

    disk.leave(2_000 * MEBIBYTE);
    space.require(MEBIBYTE);
    assertEquals(2, told.size());
  }
}
