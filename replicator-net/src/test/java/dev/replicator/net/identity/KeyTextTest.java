package dev.replicator.net.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.NodeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyTextTest {
  @Test
  void readsWhatItPrints() {
    NodeId node = NodeKey.ephemeral().node();

    assertEquals(node, KeyText.parse(KeyText.print(node)));
  }

  @Test
  void printsTheFingerprintAsOtherToolsDo() {
    assertEquals(
        "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        KeyText.print(NodeId.of(new byte[32])));
  }

  @ParameterizedTest
  @CsvSource({
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, starts with",
    "SHA256:AAAA, this one has 4",
    "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!A, Base64",
    "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB, last character"
  })
  void saysWhatIsWrong(String text, String words) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> KeyText.parse(text)).getMessage());

    assertTrue(message.contains(words), message);
  }
}
