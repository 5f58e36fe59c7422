package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.Proofs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All histories of two acts at each speed of nodes and links, and all of three where everything is
 * quick; a part of them when bounded.
 */
final class SmallScopeProof {
  private static final long HISTORIES = Proofs.count(20_000, Long.MAX_VALUE);
  private static final int FAILURES_MAX = 20;

  private final List<String> failures = new ArrayList<>();
  private long run;

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

  private void run(SmallScope.Case history) {
    if (run >= HISTORIES || failures.size() >= FAILURES_MAX) {
      return;
    }
    run++;
    try {
      SmallScope.run(history);
    } catch (AssertionError failure) {
      failures.add(failure.getMessage());
    }
  }

  private void tell() {
    Proofs.tell(run + " histories, " + failures.size() + " failed");
    assertEquals(List.of(), failures);
  }
}
