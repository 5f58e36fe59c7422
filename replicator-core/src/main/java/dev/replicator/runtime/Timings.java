package dev.replicator.runtime;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** How long the steps of recent changes took. Thread-safe. */
final class Timings {
  private static final int RECENT = 1_024;
  private static final long NANOS_PER_MICRO = 1_000;

  private final TreeMap<String, Recent> byStep = new TreeMap<>();

  /** The last measurements of one step. */
  private static final class Recent {
    final long[] micros = new long[RECENT];
    long count;
  }

  synchronized void add(String step, long nanos) {
    Recent recent = byStep.computeIfAbsent(step, ignored -> new Recent());
    recent.micros[(int) (recent.count % RECENT)] = nanos / NANOS_PER_MICRO;
    recent.count++;
  }

  synchronized SortedMap<String, RootReport.StepTimes> report() {
    TreeMap<String, RootReport.StepTimes> report = new TreeMap<>();
    byStep.forEach((step, recent) -> {
      int size = (int) Math.min(recent.count, RECENT);
      long[] sorted = Arrays.copyOf(recent.micros, size);
      Arrays.sort(sorted);
      report.put(
          step,
          new RootReport.StepTimes(
              recent.count,
              quantile(sorted, 0.50),
              quantile(sorted, 0.95),
              quantile(sorted, 0.99),
              sorted[size - 1]));
    });
    return report;
  }

  private static long quantile(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))];
  }
}
