package dev.replicator.model;

/** Whose writes: 64 random bits drawn with a root's journal. A reborn journal is a new replica. */
public record ReplicaId(long bits) implements Comparable<ReplicaId> {
  @Override
  public int compareTo(ReplicaId other) {
    return Long.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return String.format("%016x", bits);
  }

  /** Parses what {@link #toString} prints. */
  public static ReplicaId parse(String text) {
    return new ReplicaId(Long.parseUnsignedLong(text, 16));
  }
}
