package dev.replicator.runtime;

import dev.replicator.kernel.Event;
import dev.replicator.model.JournalWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/*
 * Thousands of small files are staged and put at once, and a step with an append of its own for
 * each outcome costs more than what is decided. Nothing that came in between is passed over.
 */

/**
 * What befell single paths, on its way to the root's thread: as many as have come one right behind
 * the other by the time it is there are one step.
 */
final class Outcomes {
  /** A longer step keeps others waiting and gains little. */
  static final int TOGETHER_MAX = 64;

  private final Mailbox mailbox;
  private final BiConsumer<List<JournalWrite>, Event> step;

  /**
   * @param step takes an event, and what is stored with what it decides
   */
  Outcomes(Mailbox mailbox, BiConsumer<List<JournalWrite>, Event> step) {
    this.mailbox = mailbox;
    this.step = step;
  }

  /** From any thread. */
  void tell(Event event) {
    tell(List.of(), event);
  }

  /**
   * The same.
   *
   * @param writes stored with what the event decides
   */
  void tell(List<JournalWrite> writes, Event event) {
    tell(writes, event, () -> {});
  }

  /**
   * The same.
   *
   * @param taken runs right before the step
   */
  void tell(List<JournalWrite> writes, Event event, Runnable taken) {
    mailbox.put(new Outcome(writes, event, taken));
  }

  private final class Outcome implements Runnable {
    private final List<JournalWrite> writes;
    private final Event event;
    private final Runnable taken;

    Outcome(List<JournalWrite> writes, Event event, Runnable taken) {
      this.writes = writes;
      this.event = event;
      this.taken = taken;
    }

    @Override
    public void run() {
      List<Event> events = new ArrayList<>();
      List<JournalWrite> all = new ArrayList<>();
      Optional<Outcome> next = Optional.of(this);
      while (next.isPresent()) {
        next.get().taken.run();
        events.add(next.get().event);
        all.addAll(next.get().writes);
        next = events.size() < TOGETHER_MAX ? mailbox.next(Outcome.class) : Optional.empty();
      }
      step.accept(all, Event.Together.of(events));
    }
  }

  /** Of the root's thread: steps what is told of here, as if it had come together. */
  void step(List<Event> events) {
    for (int from = 0; from < events.size(); from += TOGETHER_MAX) {
      int to = Math.min(from + TOGETHER_MAX, events.size());
      step.accept(List.of(), Event.Together.of(events.subList(from, to)));
    }
  }
}
