package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class InTurnTest {
  private final Deque<Runnable> threads = new ArrayDeque<>();
  private final List<Integer> ran = new ArrayList<>();
  private final InTurn inTurn = new InTurn(threads::add);

  @Test
  void runsTasksOnOneThreadInTheirOrder() {
    for (int number = 0; number < 3; number++) {
      int task = number;
      inTurn.execute(() -> ran.add(task));
    }
    assertEquals(1, threads.size());

    threads.remove().run();
    assertEquals(List.of(0, 1, 2), ran);

    inTurn.execute(() -> {
      ran.add(3);
      inTurn.execute(() -> ran.add(4));
    });
    assertEquals(1, threads.size());
    threads.remove().run();
    assertEquals(List.of(0, 1, 2, 3, 4), ran);
    assertEquals(0, threads.size());
  }
}
