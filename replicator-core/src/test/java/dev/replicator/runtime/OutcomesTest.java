package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  private final Mailbox mailbox = new Mailbox();
  private final List<Event> stepped = new ArrayList<>();
  private final List<List<JournalWrite>> stored = new ArrayList<>();
  private final Outcomes outcomes =
      new Outcomes(
          mailbox,
          (writes, event) -> {
            stored.add(writes);
            stepped.add(event);
          });

  private static Event suspected(int number) {
    return new Event.Suspected(RelativePath.of("file-" + number), Cause.WATCH, false);
  }

  private static List<Event> suspected(int from, int to) {
    return IntStream.range(from, to).mapToObj(OutcomesTest::suspected).toList();
  }

  private void takeAll() throws InterruptedException {
    while (!mailbox.isEmpty()) {
      Runnable task = mailbox.take(0);
      assertNotNull(task);
      task.run();
    }
  }

  @Test
  void whatWaitsRightBehindEachOtherIsOneStep() throws InterruptedException {
    suspected(0, 3).forEach(outcomes::tell);
    takeAll();
    outcomes.tell(suspected(3));
    takeAll();

    assertEquals(List.of(new Event.Together(suspected(0, 3)), suspected(3)), stepped);
  }

  @Test
  void nothingElseIsPassedOver() throws InterruptedException {
    Event between = new Event.Tick();
    outcomes.tell(suspected(0));
    outcomes.tell(suspected(1));
    mailbox.put(() -> stepped.add(between));
    outcomes.tell(suspected(2));
    takeAll();

    assertEquals(List.of(new Event.Together(suspected(0, 2)), between, suspected(2)), stepped);
  }

  @Test
  void aStepTakesNoMoreThanItsPart() throws InterruptedException {
    int all = Outcomes.TOGETHER_MAX + 1;
    List<Event> expected =
        List.of(
            new Event.Together(suspected(0, Outcomes.TOGETHER_MAX)),
            suspected(Outcomes.TOGETHER_MAX));

    suspected(0, all).forEach(outcomes::tell);
    takeAll();
    assertEquals(expected, stepped);

    stepped.clear();
    outcomes.step(suspected(0, all));
    assertEquals(expected, stepped);
  }

  @Test
  void whatIsToBeStoredGoesWithTheStepInOrder() throws InterruptedException {
    List<String> order = new ArrayList<>();
    JournalWrite first = new JournalWrite.DropPending(RelativePath.of("first"));
    JournalWrite second = new JournalWrite.DropPending(RelativePath.of("second"));
    outcomes.tell(List.of(first), suspected(0));
    outcomes.tell(List.of(second), suspected(1), () -> order.add("taken " + stepped.size()));
    takeAll();

    assertEquals(List.of(List.of(first, second)), stored);
    assertEquals(List.of("taken 0"), order);
  }
}
