package dev.replicator.bench.compare;

/** One figure of one run. */
record Measure(String name, Unit unit, double value) {
  static Measure seconds(String name, long nanos) {
    return new Measure(name, Unit.SECONDS, nanos / 1e9);
  }

  static Measure milliseconds(String name, long nanos) {
    return new Measure(name, Unit.MILLISECONDS, nanos / 1e6);
  }

  static Measure bytes(String name, long bytes) {
    return new Measure(name, Unit.BYTES, bytes);
  }

  static Measure count(String name, long count) {
    return new Measure(name, Unit.COUNT, count);
  }
}
