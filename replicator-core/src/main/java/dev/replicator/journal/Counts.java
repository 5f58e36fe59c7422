package dev.replicator.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is counted so that nobody needs to scan.
 *
 * @param materialised paths at which something present is materialised
 * @param pending paths that are pending
 * @param lastNumber no change has a higher number; not stored, the changes tell
 */
record Counts(long materialised, long pending, long lastNumber) {
  static final byte[] KEY = "counts".getBytes(StandardCharsets.UTF_8);
  static final Counts NONE = new Counts(0, 0, 0);

  private static final int BYTES = 2 * Long.BYTES;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES).putLong(materialised).putLong(pending).array();
  }

  static boolean isValid(byte[] encoded) {
    return encoded.length == BYTES;
  }

  static Counts decode(byte[] encoded, long lastNumber) {
    ByteBuffer buffer = ByteBuffer.wrap(encoded);
    return new Counts(buffer.getLong(), buffer.getLong(), lastNumber);
  }
}
