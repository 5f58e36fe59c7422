package dev.replicator.model;

/** 128 random bits, new with every journal. */
public record JournalId(Bytes octets) implements Comparable<JournalId> {
  public static final int LENGTH_BYTES = 16;

  public JournalId {
    if (octets.length() != LENGTH_BYTES) {
      throw new IllegalArgumentException("a journal id has 16 bytes, not " + octets.length());
    }
  }

  @Override
  public int compareTo(JournalId other) {
    return octets.compareTo(other.octets);
  }

  @Override
  public String toString() {
    return octets.toHex().substring(0, 8);
  }
}
