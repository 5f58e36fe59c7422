package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"web1:7411", "203.0.113.7:7411", "[2001:db8::7]:7411", "0.0.0.0:0", ":7411"})
  void readsWhatItPrints(String text) {
    assertEquals(text, Address.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "web1",
        "web1:",
        "web1:x",
        "web1:65536",
        "2001:db8::7:7411",
        "a b:1",
        "[]:1",
        "[g]:1",
        "[0.0.0.%]:1",
        "[203.0.113.7]:1",
        "web1:-1",
        "web1:1/",
        "\u001b[2J:1"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThrows(IllegalArgumentException.class, () -> Address.parse(text));
  }

  @Test
  void knowsWhatCannotBeDialled() {
    assertTrue(Address.parse("0.0.0.0:7411").isWildcard());
    assertTrue(Address.parse("[::]:7411").isWildcard());
    assertTrue(Address.parse("*:7411").isWildcard());
  }
}
