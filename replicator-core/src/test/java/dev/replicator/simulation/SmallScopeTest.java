package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.simulation.SmallScope.Act;
import dev.replicator.simulation.SmallScope.Case;
import dev.replicator.simulation.SmallScope.Gap;
import dev.replicator.simulation.SmallScope.Kind;
import dev.replicator.simulation.SmallScope.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The part of small histories that every build can afford; the others are a proof. */
class SmallScopeTest {
  private static final int ACTS = 34;

  private static int runAll(int length, int speeds, Predicate<Case> wanted) {
    AtomicInteger run = new AtomicInteger();
    SmallScope.each(
        length,
        speeds,
        history -> {
          if (wanted.test(history)) {
            SmallScope.run(history);
            run.incrementAndGet();
          }
        });
    return run.get();
  }

  @Test
  void everyActEndsWithBothNodesEqual() {
    int run = runAll(1, 2, history -> true);
    assertEquals(ACTS * 2 * Start.values().length * 2, run);
  }

  @Test
  void everyTwoActsAtOnceInADirectoryEndWithBothNodesEqual() {
    int run =
        runAll(
            2,
            1,
            history ->
                history.start() == Start.DIRECTORY
                    && history.names() == 1
                    && history.gaps().getLast() == Gap.AT_ONCE);
    assertEquals(ACTS * ACTS, run);
  }

  @Test
  void everyActInADirectoryEndsSoInEachOrderThatOneThingPasses() {
    List<Case> histories = new ArrayList<>();
    SmallScope.each(1, 1, histories::add);
    histories.removeIf(history -> history.start() != Start.DIRECTORY || history.names() == 0);
    assertEquals(ACTS, histories.size());
    long orders = histories.stream().mapToLong(history -> SmallScope.runOrders(history, 1)).sum();
    assertTrue(orders > 8 * ACTS, () -> orders + " orders");
  }

  /** In which of them the second act falls between the look and the exchange, nobody knows. */
  @Test
  void lossThatWasPlantedIsFound() {
    List<Case> histories = new ArrayList<>();
    for (Kind kind : List.of(Kind.WRITE, Kind.REWRITE, Kind.MODE, Kind.TOUCH)) {
      for (int speeds = 0; speeds < SmallScope.SPEEDS; speeds++) {
        List<Act> acts = List.of(new Act(kind, 0, 0), new Act(Kind.REWRITE, 1, 0));
        histories.add(new Case(Start.FILE, acts, List.of(Gap.QUIET, Gap.SOON), speeds, 0));
      }
    }
    histories.forEach(SmallScope::run);
    AssertionError found =
        assertThrows(
            AssertionError.class,
            () ->
                histories.forEach(history ->
                    SmallScope.run(
                        history,
                        cluster -> cluster.nodes().forEach(node -> node.disk.blind = true))));
    assertTrue(String.valueOf(found.getMessage()).contains("lost: "), found::toString);
  }
}
