package dev.replicator.net.identity;

import dev.replicator.model.Digest;
import dev.replicator.model.NodeId;
import java.util.Base64;

/** The text of a node id, as people compare it and configurations carry it. */
public final class KeyText {
  private static final String PREFIX = "SHA256:";

  /** Base64 of 32 bytes without its padding. */
  private static final int ENCODED_CHARACTERS = 43;

  private KeyText() {}

  public static String print(NodeId node) {
    byte[] fingerprint = node.fingerprint().octets().toArray();
    return PREFIX + Base64.getEncoder().withoutPadding().encodeToString(fingerprint);
  }

  /**
   * Reads what {@link #print} wrote.
   *
   * @throws IllegalArgumentException which says what is wrong with {@code text}
   */
  public static NodeId parse(String text) {
    String trimmed = text.strip();
    if (!trimmed.startsWith(PREFIX)) {
      throw new IllegalArgumentException("a key starts with \"" + PREFIX + "\"");
    }
    String encoded = trimmed.substring(PREFIX.length());
    if (encoded.length() != ENCODED_CHARACTERS) {
      throw new IllegalArgumentException(
          "a key has %d characters after \"%s\", this one has %d"
              .formatted(ENCODED_CHARACTERS, PREFIX, encoded.length()));
    }
    byte[] fingerprint;
    try {
      fingerprint = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a key is written in Base64: " + e.getMessage(), e);
    }
    NodeId node = new NodeId(Digest.of(fingerprint));
    if (!print(node).equals(trimmed)) {
      throw new IllegalArgumentException("the last character of the key is not possible");
    }
    return node;
  }
}
