package dev.replicator.model;

/**
 * A SHA-256. Of a chunk: over its bytes. Of a file: over its chunk list (kind, length and digest of
 * each chunk), so that content is hashed once.
 */
public record Digest(Bytes octets) implements Comparable<Digest> {
  public static final int LENGTH_BYTES = 32;

  public Digest {
    if (octets.length() != LENGTH_BYTES) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + octets.length());
    }
  }

  public static Digest of(byte[] octets) {
    return new Digest(Bytes.copyOf(octets));
  }

  public static Digest ofHex(String hex) {
    return new Digest(Bytes.ofHex(hex));
  }

  public String toHex() {
    return octets.toHex();
  }

  @Override
  public int compareTo(Digest other) {
    return octets.compareTo(other.octets);
  }

  @Override
  public String toString() {
    return toHex().substring(0, 12);
  }
}
