package dev.replicator.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A distribution of times in microseconds. */
record Figures(long count, long p50, long p95, long p99, long max) {
  static Figures of(Histogram micros) {
    return new Figures(
        micros.getTotalCount(),
        micros.getValueAtPercentile(50),
        micros.getValueAtPercentile(95),
        micros.getValueAtPercentile(99),
        micros.getTotalCount() == 0 ? 0 : micros.getMaxValue());
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("count", count);
    map.put("p50", p50);
    map.put("p95", p95);
    map.put("p99", p99);
    map.put("max", max);
    return map;
  }

  /** One row of a table: milliseconds. */
  String row(String title) {
    return "  %-24s %7d %9s %9s %9s %9s%n"
        .formatted(title, count, millis(p50), millis(p95), millis(p99), millis(max));
  }

  static String head(String title) {
    return "  %-24s %7s %9s %9s %9s %9s%n".formatted(title, "count", "p50", "p95", "p99", "max");
  }

  private static String millis(long micros) {
    return "%.2f".formatted(micros / 1_000.0);
  }
}
