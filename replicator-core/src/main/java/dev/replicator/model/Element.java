package dev.replicator.model;

import java.util.Collection;
import java.util.SortedSet;

/**
 * One write of one part of a record.
 *
 * @param clock hybrid logical clock of the write: milliseconds since the epoch in the upper 48
 *     bits, a count in the lower 16
 * @param preference stamped by the writer, higher shows first among concurrent writes
 * @param adopted found on a disk by a node that could not know who wrote it: ranks below all others
 * @param seen siblings that the writer knew and did not choose: they never show while this stands
 */
public record Element<T>(
    Dot dot, T value, long clock, int preference, boolean adopted, SortedSet<Dot> seen) {
  public static final int PREFERENCE_THEIRS = 0;
  public static final int PREFERENCE_DEFAULT = 1;
  public static final int PREFERENCE_MINE = 2;
  public static final int PREFERENCE_MAX = 255;

  public Element {
    if (preference < 0 || preference > PREFERENCE_MAX) {
      throw new IllegalArgumentException("preference " + preference);
    }
    if (seen.size() > Limits.SIBLINGS_MAX) {
      throw new IllegalArgumentException(seen.size() + " seen siblings");
    }
    seen = Dots.of(seen);
  }

  public static <T> Element<T> written(Dot dot, T value, long clock, Collection<Dot> seen) {
    return new Element<>(dot, value, clock, PREFERENCE_DEFAULT, false, Dots.of(seen));
  }
}
