package dev.replicator.journal;

import dev.replicator.model.Census;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is counted so that nobody needs to scan.
 *
 * @param materialised paths at which something is materialised
 * @param pending paths that are pending
 * @param lastNumber no change has a higher number; not stored, the changes tell
 */
record Counts(Census materialised, long pending, long lastNumber) {
  static final byte[] KEY = "counts".getBytes(StandardCharsets.UTF_8);
  static final Counts NONE = new Counts(Census.NONE, 0, 0);

  private static final int BYTES = 4 * Long.BYTES;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .putLong(materialised.present())
        .putLong(pending)
        .putLong(materialised.linked())
        .putLong(materialised.setId())
        .array();
  }

  static boolean isValid(byte[] encoded) {
    return encoded.length == BYTES;
  }

  static Counts decode(byte[] encoded, long lastNumber) {
    ByteBuffer buffer = ByteBuffer.wrap(encoded);
    long present = buffer.getLong();
    long pending = buffer.getLong();
    return new Counts(new Census(present, buffer.getLong(), buffer.getLong()), pending, lastNumber);
  }
}
