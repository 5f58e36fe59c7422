package dev.replicator.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BandwidthTest {
  @ParameterizedTest
  @CsvSource({
    "10MiB/s, 10485760, 10MiB/s",
    "10 MiB/s, 10485760, 10MiB/s",
    "1024KiB/s, 1048576, 1MiB/s",
    "2GB/s, 2000000000, 2GB/s",
    "100Mbit/s, 12500000, 12500kB/s",
    "1Gbit/s, 125000000, 125MB/s",
    "64KiB/s, 65536, 64KiB/s",
    "1024GiB/s, 1099511627776, 1024GiB/s",
  })
  void readsTheUnitsOfBytesAndOfBits(String text, long bytes, String printed) {
    Bandwidth bandwidth = Bandwidth.parse(text);

    assertEquals(bytes, bandwidth.bytesPerSecond());
    assertEquals(printed, bandwidth.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10",
        "10MiB",
        "10 mib/s",
        "1.5MiB/s",
        "-1MiB/s",
        "0MiB/s",
        "10  MiB/s",
        "MiB/s",
        "9999999999KiB/s",
      })
  void refusesWhatIsNoNumberWithAUnit(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Bandwidth.parse(text)).toString();

    assertTrue(message.contains("such as \"10MiB/s\""), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"63KiB/s", "500kbit/s", "1025GiB/s", "999999999GiB/s"})
  void refusesWhatIsTooSlowOrTooFast(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Bandwidth.parse(text)).toString();

    assertTrue(message.contains("from 64KiB/s to 1024GiB/s"), message);
  }

  @Test
  void printsWhatFitsNoUnitInBytes() {
    assertEquals("70001B/s", new Bandwidth(70_001).toString());
  }
}
