package dev.replicator.model;

import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** For each replica, how many of its writes are covered: every counter up to and including it. */
public final class VersionVector {
  public static final VersionVector EMPTY = new VersionVector(new TreeMap<>());

  private final NavigableMap<ReplicaId, Long> counters;

  private VersionVector(NavigableMap<ReplicaId, Long> counters) {
    this.counters = counters;
  }

  public static VersionVector of(Map<ReplicaId, Long> counters) {
    TreeMap<ReplicaId, Long> copy = new TreeMap<>(counters);
    for (long counter : copy.values()) {
      if (counter < 1) {
        throw new IllegalArgumentException("a vector counts from 1, not " + counter);
      }
    }
    return new VersionVector(copy);
  }

  public static VersionVector of(Dot dot) {
    return EMPTY.with(dot);
  }

  /** The least vector that covers all {@code dots}. */
  public static VersionVector covering(Collection<Dot> dots) {
    TreeMap<ReplicaId, Long> counters = new TreeMap<>();
    for (Dot dot : dots) {
      counters.merge(dot.replica(), dot.counter(), Math::max);
    }
    return new VersionVector(counters);
  }

  /** An unmodifiable view in the order of replica ids. */
  public SortedMap<ReplicaId, Long> counters() {
    return java.util.Collections.unmodifiableSortedMap(counters);
  }

  public boolean isEmpty() {
    return counters.isEmpty();
  }

  public int size() {
    return counters.size();
  }

  /** The highest counter of {@code replica} that is covered, 0 for none. */
  public long counter(ReplicaId replica) {
    return counters.getOrDefault(replica, 0L);
  }

  public boolean covers(Dot dot) {
    return dot.counter() <= counter(dot.replica());
  }

  public boolean covers(VersionVector other) {
    if (other == this) {
      return true;
    }
    for (Map.Entry<ReplicaId, Long> entry : other.counters.entrySet()) {
      if (entry.getValue() > counter(entry.getKey())) {
        return false;
      }
    }
    return true;
  }

  public VersionVector with(Dot dot) {
    if (covers(dot)) {
      return this;
    }
    TreeMap<ReplicaId, Long> copy = new TreeMap<>(counters);
    copy.put(dot.replica(), dot.counter());
    return new VersionVector(copy);
  }

  public VersionVector join(VersionVector other) {
    if (covers(other)) {
      return this;
    }
    if (other.covers(this)) {
      return other;
    }
    TreeMap<ReplicaId, Long> joined = new TreeMap<>(counters);
    other.counters.forEach((replica, counter) -> joined.merge(replica, counter, Math::max));
    return new VersionVector(joined);
  }

  /** Whether {@link #join} stays within its limit, with room for one replica more. */
  public boolean fits(VersionVector other) {
    return counters.size() + other.counters.size() < Limits.VECTOR_REPLICAS_MAX
        || join(other).size() < Limits.VECTOR_REPLICAS_MAX;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VersionVector that && counters.equals(that.counters);
  }

  @Override
  public int hashCode() {
    return counters.hashCode();
  }

  @Override
  public String toString() {
    return counters.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
