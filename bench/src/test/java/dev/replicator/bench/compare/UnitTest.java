package dev.replicator.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UnitTest {
  @Test
  void showsThreeDigitsThatCount() {
    assertEquals("0.012 s", Unit.SECONDS.text(0.0123));
    assertEquals("1.23 s", Unit.SECONDS.text(1.234));
    assertEquals("12.3 ms", Unit.MILLISECONDS.text(12.34));
    assertEquals("1,234 ms", Unit.MILLISECONDS.text(1_234.4));
  }

  @Test
  void showsEveryByte() {
    assertEquals("1,234,567 bytes", Unit.BYTES.text(1_234_567));
    assertEquals("7", Unit.COUNT.text(7));
  }
}
