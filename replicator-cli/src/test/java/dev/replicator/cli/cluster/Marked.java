package dev.replicator.cli.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What one write of a test leaves in a file: a token that no other write has, and a checksum over
 * all of it, so that whoever reads it knows whose it is and whether it is whole.
 */
record Marked(String token, int length) {
  private static final byte TOKEN_END = '\n';

  /** Bytes with which nothing longer than one page is torn apart. */
  static final int SHORT_BYTES = 1_024;

  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(length);
    out.put(token.getBytes(StandardCharsets.US_ASCII)).put(TOKEN_END);
    int seed = token.hashCode();
    while (out.remaining() > Integer.BYTES) {
      seed = seed * 1_103_515_245 + 12_345;
      out.put((byte) (seed >>> 16));
    }
    return out.putInt(sum(out.array())).array();
  }

  /** What stands in {@code bytes}; empty when they are not whole. */
  static Optional<Marked> of(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != TOKEN_END) {
      end++;
    }
    if (end > bytes.length - Integer.BYTES
        || ByteBuffer.wrap(bytes).getInt(bytes.length - Integer.BYTES) != sum(bytes)) {
      return Optional.empty();
    }
    String token = new String(bytes, 0, end, StandardCharsets.US_ASCII);
    return Optional.of(new Marked(token, bytes.length));
  }

  private static int sum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, bytes.length - Integer.BYTES);
    return (int) sum.getValue();
  }
}
