package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.replicator.linux.WatchTree.Directory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WatchNumbersTest {
  private final WatchTree tree = new WatchTree(1);
  private final WatchNumbers numbers = new WatchNumbers();

  private Directory directory(int number) {
    Directory directory = tree.add(number + 1, tree.root(), ("d" + number).getBytes());
    directory.writes = number;
    return directory;
  }

  @Test
  void knowsWhatAMapKnows() {
    Random random = new Random(7);
    Map<Integer, Directory> model = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      int number = 1 + random.nextInt(64) * 64 + random.nextInt(5);
      if (model.containsKey(number)) {
        numbers.remove(model.remove(number));
      } else {
        Directory directory = directory(number);
        model.put(number, directory);
        numbers.put(directory);
      }
      assertEquals(model.size(), numbers.size());
      int asked = 1 + random.nextInt(64) * 64 + random.nextInt(5);
      assertSame(model.get(asked), numbers.find(asked));
    }
    model.forEach((number, directory) -> assertSame(directory, numbers.find(number)));
  }

  @Test
  void takesTheNumbersFromAllThatItForgets() {
    List<Directory> all = new ArrayList<>();
    for (int number = 0; number < 100; number++) {
      Directory directory = directory(number);
      numbers.put(directory);
      all.add(directory);
    }

    numbers.clear();

    assertEquals(0, numbers.size());
    assertNull(numbers.find(5));
    all.forEach(directory -> assertEquals(-1, directory.writes));
  }
}
