package dev.replicator.model;

/**
 * When a journal was born, 48 bits, and 80 random bits: new with every journal. Of two journals of
 * one root the later is the greater, so that a node can tell whether a peer remembers a former one
 * of its journals, or one that came after this.
 */
public record JournalId(Bytes octets) implements Comparable<JournalId> {
  public static final int LENGTH_BYTES = 16;
  private static final int TIME_BYTES = 6;
  private static final long BORN_MILLIS_MAX = (1L << 48) - 1;

  public JournalId {
    if (octets.length() != LENGTH_BYTES) {
      throw new IllegalArgumentException("a journal id has 16 bytes, not " + octets.length());
    }
  }

  /** The same random bits, of a journal born at {@code millis} since the epoch. */
  public JournalId bornAt(long millis) {
    byte[] stamped = octets.toArray();
    long rest = Math.min(millis, BORN_MILLIS_MAX);
    for (int place = TIME_BYTES - 1; place >= 0; place--) {
      stamped[place] = (byte) rest;
      rest >>= Byte.SIZE;
    }
    return new JournalId(Bytes.copyOf(stamped));
  }

  public long bornMillis() {
    long millis = 0;
    for (int place = 0; place < TIME_BYTES; place++) {
      millis = (millis << Byte.SIZE) | Byte.toUnsignedLong(octets.at(place));
    }
    return millis;
  }

  @Override
  public int compareTo(JournalId other) {
    return octets.compareTo(other.octets);
  }

  /** Some of the random bits. */
  @Override
  public String toString() {
    return octets.toHex().substring(2 * LENGTH_BYTES - 8);
  }
}
