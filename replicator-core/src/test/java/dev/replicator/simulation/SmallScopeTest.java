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

  /** Nobody looks at what gives way, and somebody writes to that again. */
  @Test
  void lossThatWasPlantedIsFound() {
    Act here = new Act(Kind.REWRITE, 0, 0);
    Act there = new Act(Kind.REWRITE, 1, 0);
    Case history =
        new Case(
            Start.FILE,
            List.of(here, there, there),
            List.of(Gap.QUIET, Gap.SOON, Gap.AT_ONCE),
            0,
            0);
    SmallScope.run(history);
    assertThrows(
        AssertionError.class,
        () ->
            SmallScope.run(
                history, cluster -> cluster.nodes().forEach(node -> node.disk.blind = true)));
  }
}
