package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.Proofs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All histories of two acts at each speed of nodes and links, and all of three where everything is
 * quick; those of two in each order that differs by one pass, those of one by two. A part of them
 * when bounded.
 */
final class SmallScopeProof {
  private static final long HISTORIES = Proofs.count(20_000, Long.MAX_VALUE);
  private static final int FAILURES_MAX = 20;

  private final List<String> failures = new ArrayList<>();
  private long run;
  private long orders;

  @Test
  void everyHistoryOfTwoActsEndsWithBothNodesEqual() {
    SmallScope.each(2, SmallScope.SPEEDS, this::run);
    tell();
  }

  @Test
  void everyHistoryOfThreeActsEndsWithBothNodesEqual() {
    SmallScope.each(3, 1, this::run);
    tell();
  }

  /** In each order in which one thing on a node happens just before what came before it. */
  @Test
  void everyHistoryOfTwoActsEndsSoWhateverPassesOnce() {
    SmallScope.each(2, 1, history -> run(history, 1));
    tell();
  }

  @Test
  void everyActEndsSoWhateverPassesTwice() {
    SmallScope.each(1, 1, history -> run(history, 2));
    tell();
  }

  private void run(SmallScope.Case history) {
    run(history, 0);
  }

  /**
   * @param passes how many things at most happen in another order than usual
   */
  private void run(SmallScope.Case history, int passes) {
    if (run >= HISTORIES || failures.size() >= FAILURES_MAX) {
      return;
    }
    run++;
    try {
      orders += SmallScope.runOrders(history, passes);
    } catch (AssertionError failure) {
      failures.add(failure.getMessage());
    }
  }

  private void tell() {
    Proofs.tell(run + " histories in " + orders + " orders, " + failures.size() + " failed");
    assertEquals(List.of(), failures);
  }
}
