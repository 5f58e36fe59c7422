package dev.replicator.simulation;

import dev.replicator.kernel.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Events of one node on their way: as many as come until they are taken are one step. */
final class Gathered {
  private final Consumer<Runnable> later;
  private final Consumer<Event> step;
  private final List<Event> waiting = new ArrayList<>();

  /**
   * @param later has a task run after a while, and not at all once the daemon ended
   */
  Gathered(Consumer<Runnable> later, Consumer<Event> step) {
    this.later = later;
    this.step = step;
  }

  void add(Event event) {
    waiting.add(event);
    if (waiting.size() == 1) {
      later.accept(this::take);
    }
  }

  private void take() {
    List<Event> taken = List.copyOf(waiting);
    waiting.clear();
    step.accept(Event.Together.of(taken));
  }

  /** The daemon ended. */
  void clear() {
    waiting.clear();
  }
}
