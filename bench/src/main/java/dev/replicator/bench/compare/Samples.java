package dev.replicator.bench.compare;

import dev.replicator.bench.BenchException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Times of one kind, of which the middle and the slow ones are told. */
final class Samples {
  private final List<Long> nanos = new ArrayList<>();

  void add(long sample) {
    nanos.add(sample);
  }

  int count() {
    return nanos.size();
  }

  /** The smallest sample that at least {@code percent} of all do not exceed. */
  long percentile(double percent) {
    if (nanos.isEmpty()) {
      throw new BenchException("no sample was taken");
    }
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }

  /**
   * @param when behind the names of the figures
   */
  List<Measure> measures(String when) {
    return List.of(
        Measure.milliseconds("p50" + when, percentile(50)),
        Measure.milliseconds("p99" + when, percentile(99)),
        Measure.count("files" + when, count()));
  }
}
