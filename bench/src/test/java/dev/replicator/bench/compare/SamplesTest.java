package dev.replicator.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.bench.BenchException;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void takesASampleAndNothingBetweenTwo() {
    Samples samples = new Samples();
    for (long i = 100; i > 0; i--) {
      samples.add(i);
    }

    assertEquals(50, samples.percentile(50));
    assertEquals(99, samples.percentile(99));
    assertEquals(100, samples.percentile(100));
    assertEquals(1, samples.percentile(0));
  }

  @Test
  void countsTheSlowestOfFewAsSlow() {
    Samples samples = new Samples();
    samples.add(1);
    samples.add(1_000);

    assertEquals(1, samples.percentile(50));
    assertEquals(1_000, samples.percentile(99));
  }

  @Test
  void hasNoFigureWithoutASample() {
    assertThrows(BenchException.class, () -> new Samples().percentile(50));
  }
}
