package dev.replicator.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class AimTest {
  private static final Aim AT_MOST = new Aim.AtMost("quick", "burst", "identical after", 0.3);
  private static final Aim BELOW =
      new Aim.Below("quicker than rsync", "burst", "identical after", 0.5, "rsync");

  @Test
  void isReachedAtItsLimit() {
    assertEquals(new Aim.Judged("quick", "reached", "0.300 s"), AT_MOST.judged(ours(0.3)));
    assertEquals(new Aim.Judged("quick", "missed", "0.301 s"), AT_MOST.judged(ours(0.301)));
  }

  @Test
  void isReachedOnlyBelowTheOther() {
    assertEquals(
        new Aim.Judged("quicker than rsync", "reached", "0.490 times: 0.490 s beside 1.00 s"),
        BELOW.judged(both(0.49, 1)));
    assertEquals("missed", BELOW.judged(both(0.5, 1)).verdict());
  }

  @Test
  void isNotMeasuredWithoutBothFigures() {
    assertEquals("not measured", BELOW.judged(ours(0.1)).verdict());
    assertEquals("not measured", AT_MOST.judged(ReportsTest.comparison()).verdict());
  }

  @Test
  void isNotReachedByARunThatFailed() {
    Comparison comparison =
        ReportsTest.comparison(ReportsTest.result("replicator", new Outcome.Failed("they differ")));

    assertEquals(
        new Aim.Judged("quick", "not measured", "FAILED: they differ"), AT_MOST.judged(comparison));
  }

  @Test
  void namesOnlyWorkloadsThatThereAre() {
    List<String> known = Suite.workloads().stream().map(Workload::name).toList();

    for (Aim aim : Aim.all()) {
      assertEquals(List.of(), known.contains(aim.workload()) ? List.of() : List.of(aim));
    }
  }

  private static Comparison ours(double value) {
    return ReportsTest.comparison(ReportsTest.result("replicator", ReportsTest.seconds(value)));
  }

  private static Comparison both(double ours, double theirs) {
    return ReportsTest.comparison(
        ReportsTest.result("replicator", ReportsTest.seconds(ours)),
        ReportsTest.result("rsync", ReportsTest.seconds(theirs)));
  }
}
