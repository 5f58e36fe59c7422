package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns();

  private void add(String... paths) {
    for (String path : paths) {
      turns.add(RelativePath.of(path));
    }
  }

  private List<String> order() {
    List<String> order = new ArrayList<>();
    while (!turns.isEmpty()) {
      order.add(turns.poll().toString());
    }
    return order;
  }

  @Test
  void keepsTheOrderWithinADirectory() {
    add("d/c", "d/a", "d/b");

    assertEquals(List.of("d/c", "d/a", "d/b"), order());
  }

  @Test
  void oneFileWaitsForOneOfEachOtherDirectory() {
    add("busy/1", "busy/2", "busy/3", "other/1", "other/2", "uploads/image", "top");

    assertEquals(
        List.of("busy/1", "other/1", "uploads/image", "top", "busy/2", "other/2", "busy/3"),
        order());
  }

  @Test
  void whoComesAgainAndAgainHasOneTurnInTwo() {
    add("busy/1", "busy/2", "calm/1", "calm/2");
    assertEquals("busy/1", turns.poll().toString());
    add("busy/1");

    assertEquals(List.of("calm/1", "busy/2", "calm/2", "busy/1"), order());
  }

  @Test
  void aPathWaitsOnce() {
    assertTrue(turns.add(RelativePath.ROOT));
    assertFalse(turns.add(RelativePath.ROOT));
    add("d/a", "d/a");

    assertEquals(2, turns.size());
    assertTrue(turns.contains(RelativePath.of("d/a")));
    assertFalse(turns.contains(RelativePath.of("d/b")));
    assertEquals(List.of("", "d/a"), order());
  }

  @Test
  void forgetsWhatIsTakenOut() {
    add("d/a", "d/b", "e/a");
    turns.remove(RelativePath.of("d/a"));
    turns.remove(RelativePath.of("d/a"));
    turns.remove(RelativePath.of("e/a"));
    turns.remove(RelativePath.of("f/a"));

    assertEquals(1, turns.size());
    assertEquals(List.of("d/b"), order());
    assertEquals(0, turns.size());
  }
}
