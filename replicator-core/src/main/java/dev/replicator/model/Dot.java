package dev.replicator.model;

import java.util.Comparator;

/** Names one write of one path: the {@code counter}-th write of {@code replica}, from 1. */
public record Dot(ReplicaId replica, long counter) implements Comparable<Dot> {
  private static final Comparator<Dot> ORDER =
      Comparator.comparing(Dot::replica).thenComparingLong(Dot::counter);

  public Dot {
    if (counter < 1) {
      throw new IllegalArgumentException("a dot counts from 1, not " + counter);
    }
  }

  @Override
  public int compareTo(Dot other) {
    return ORDER.compare(this, other);
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
