package dev.replicator.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** For each replica, how many of its writes are covered: every counter up to and including it. */
public final class VersionVector {
  public static final VersionVector EMPTY = new VersionVector(new Dot[0]);

  /** The last write that is covered of each replica, in the order of replicas. Never changed. */
  private final Dot[] lasts;

  private VersionVector(Dot[] lasts) {
    this.lasts = lasts;
  }

  private static VersionVector ofSorted(SortedMap<ReplicaId, Dot> lasts) {
    return new VersionVector(lasts.values().toArray(Dot[]::new));
  }

  public static VersionVector of(Map<ReplicaId, Long> counters) {
    TreeMap<ReplicaId, Dot> lasts = new TreeMap<>();
    counters.forEach((replica, counter) -> {
      if (counter < 1) {
        throw new IllegalArgumentException("a vector counts from 1, not " + counter);
      }
      lasts.put(replica, new Dot(replica, counter));
    });
    return ofSorted(lasts);
  }

  public static VersionVector of(Dot dot) {
    return new VersionVector(new Dot[] {dot});
  }

  /** The least vector that covers all {@code dots}. */
  public static VersionVector covering(Collection<Dot> dots) {
    TreeMap<ReplicaId, Dot> lasts = new TreeMap<>();
    for (Dot dot : dots) {
      lasts.merge(dot.replica(), dot, VersionVector::later);
    }
    return ofSorted(lasts);
  }

  private static Dot later(Dot one, Dot other) {
    return one.counter() >= other.counter() ? one : other;
  }

  /** The last write of each replica that is covered, in the order of replica ids. */
  public List<Dot> lasts() {
    return List.of(lasts);
  }

  public boolean isEmpty() {
    return lasts.length == 0;
  }

  public int size() {
    return lasts.length;
  }

  /** The highest counter of {@code replica} that is covered, 0 for none. */
  public long counter(ReplicaId replica) {
    int place = place(replica);
    return place < 0 ? 0 : lasts[place].counter();
  }

  /**
   * Where {@code replica} is; where it would be put, negative and less one, when it is not here.
   */
  private int place(ReplicaId replica) {
    int low = 0;
    int high = lasts.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = lasts[middle].replica().compareTo(replica);
      if (order == 0) {
        return middle;
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  public boolean covers(Dot dot) {
    return dot.counter() <= counter(dot.replica());
  }

  public boolean covers(VersionVector other) {
    if (other == this) {
      return true;
    }
    if (other.lasts.length > lasts.length) {
      return false;
    }
    int place = 0;
    for (Dot asked : other.lasts) {
      while (place < lasts.length && lasts[place].replica().compareTo(asked.replica()) < 0) {
        place++;
      }
      boolean here = place < lasts.length && lasts[place].replica().equals(asked.replica());
      if (!here || asked.counter() > lasts[place].counter()) {
        return false;
      }
    }
    return true;
  }

  public VersionVector with(Dot dot) {
    int place = place(dot.replica());
    if (place >= 0) {
      if (dot.counter() <= lasts[place].counter()) {
        return this;
      }
      Dot[] copy = lasts.clone();
      copy[place] = dot;
      return new VersionVector(copy);
    }
    int added = -place - 1;
    Dot[] copy = Arrays.copyOf(lasts, lasts.length + 1);
    System.arraycopy(lasts, added, copy, added + 1, lasts.length - added);
    copy[added] = dot;
    return new VersionVector(copy);
  }

  public VersionVector join(VersionVector other) {
    if (covers(other)) {
      return this;
    }
    if (other.covers(this)) {
      return other;
    }
    Dot[] joined = new Dot[lasts.length + other.lasts.length];
    int size = 0;
    int ours = 0;
    int theirs = 0;
    while (ours < lasts.length && theirs < other.lasts.length) {
      Dot our = lasts[ours];
      Dot their = other.lasts[theirs];
      int order = our.replica().compareTo(their.replica());
      joined[size++] = order < 0 ? our : order > 0 ? their : later(our, their);
      ours += order <= 0 ? 1 : 0;
      theirs += order >= 0 ? 1 : 0;
    }
    while (ours < lasts.length) {
      joined[size++] = lasts[ours++];
    }
    while (theirs < other.lasts.length) {
      joined[size++] = other.lasts[theirs++];
    }
    return new VersionVector(Arrays.copyOf(joined, size));
  }

  /** Whether {@link #join} stays within its limit, with room for one replica more. */
  public boolean fits(VersionVector other) {
    return size() + other.size() < Limits.VECTOR_REPLICAS_MAX
        || join(other).size() < Limits.VECTOR_REPLICAS_MAX;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VersionVector that && Arrays.equals(lasts, that.lasts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(lasts);
  }

  @Override
  public String toString() {
    return Arrays.stream(lasts).map(Dot::toString).collect(Collectors.joining(",", "{", "}"));
  }
}
