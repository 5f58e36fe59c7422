package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SpaceTest {
  @Test
  void aFiftiethStaysForTheJournal() {
    assertTrue(new Tree.Space(1_000, 120).leaves(100));
    assertFalse(new Tree.Space(1_000, 119).leaves(100));
    assertEquals(
        "disk full: 119 bytes free, 100 wanted, 20 kept in reserve",
        new Tree.Space(1_000, 119).lacks(100).toString());
  }

  /** A journal that cannot make a file cannot go on, however many bytes are free. */
  @Test
  void soDoesAFiftiethOfTheInodes() {
    assertTrue(new Tree.Space(1_000, 1_000, 3_000, 61).leaves(1));
    assertFalse(new Tree.Space(1_000, 1_000, 3_000, 60).leaves(1));
    assertEquals(
        "disk full: 60 inodes free, 60 kept in reserve",
        new Tree.Space(1_000, 1_000, 3_000, 60).lacks(1).toString());
  }

  @Test
  void whereInodesAreMadeAsTheyAreNeededNoneAreCounted() {
    assertTrue(new Tree.Space(1_000, 1_000, 0, 0).leaves(1));
    assertTrue(new Tree.Space(1_000, 1_000, 7_000, -1).leaves(1), "as CephFS tells it");
  }
}
