package dev.replicator.model;

/** Names one write of one path: the {@code counter}-th write of {@code replica}, from 1. */
public record Dot(ReplicaId replica, long counter) implements Comparable<Dot> {
  public Dot {
    if (counter < 1) {
      throw new IllegalArgumentException("a dot counts from 1, not " + counter);
    }
  }

  @Override
  public int compareTo(Dot other) {
    int byReplica = replica.compareTo(other.replica);
    return byReplica != 0 ? byReplica : Long.compare(counter, other.counter);
  }

  @Override
  public String toString() {
    return replica + ":" + counter;
  }

  /** Parses what {@link #toString} prints. */
  public static Dot parse(String text) {
    int colon = text.indexOf(':');
    try {
      return new Dot(
          ReplicaId.parse(text.substring(0, Math.max(0, colon))),
          Long.parseLong(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a version is written REPLICA:COUNTER, not " + text, e);
    }
  }
}
