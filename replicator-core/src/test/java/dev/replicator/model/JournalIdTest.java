package dev.replicator.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JournalIdTest {
  private static final long NOW = 1_800_000_000_000L;

  private static JournalId drawn(int octet) {
    byte[] octets = new byte[JournalId.LENGTH_BYTES];
    Arrays.fill(octets, (byte) octet);
    return new JournalId(Bytes.copyOf(octets));
  }

  @Test
  void tellsWhenItWasBorn() {
    for (long millis : new long[] {0, 1, 255, 256, NOW, (1L << 48) - 1}) {
      assertEquals(millis, drawn(0xAB).bornAt(millis).bornMillis());
    }
    assertEquals((1L << 48) - 1, drawn(0).bornAt(1L << 48).bornMillis());
  }

  @Test
  void laterJournalIsTheGreaterWhateverWasDrawn() {
    assertTrue(drawn(0xFF).bornAt(NOW).compareTo(drawn(0).bornAt(NOW + 1)) < 0);
    assertNotEquals(drawn(1).bornAt(NOW), drawn(2).bornAt(NOW));
  }
}
