package dev.replicator.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The surviving writes of one part of a record: concurrent with each other, at most one per dot.
 */
public final class Siblings<T> {
  private static final Siblings<?> NONE = new Siblings<>(new TreeMap<>());

  /** Never changed. */
  private final NavigableMap<Dot, Element<T>> byDot;

  private Siblings(NavigableMap<Dot, Element<T>> byDot) {
    if (byDot.size() > Limits.SIBLINGS_MAX) {
      throw new IllegalArgumentException("more than " + Limits.SIBLINGS_MAX + " siblings");
    }
    this.byDot = byDot;
  }

  @SuppressWarnings("unchecked") // It holds no element of any type.
  public static <T> Siblings<T> none() {
    return (Siblings<T>) NONE;
  }

  /**
   * @throws IllegalArgumentException when two elements share a dot
   */
  public static <T> Siblings<T> of(Collection<Element<T>> elements) {
    TreeMap<Dot, Element<T>> byDot = new TreeMap<>();
    for (Element<T> element : elements) {
      if (byDot.put(element.dot(), element) != null) {
        throw new IllegalArgumentException("two elements with dot " + element.dot());
      }
    }
    return new Siblings<>(byDot);
  }

  public boolean isEmpty() {
    return byDot.isEmpty();
  }

  public int size() {
    return byDot.size();
  }

  /** In the order of dots. */
  public List<Element<T>> elements() {
    return List.copyOf(byDot.values());
  }

  public SortedSet<Dot> dots() {
    return Collections.unmodifiableSortedSet(byDot.navigableKeySet());
  }

  public Optional<Element<T>> find(Dot dot) {
    return Optional.ofNullable(byDot.get(dot));
  }

  /** The dots of the elements whose value satisfies {@code predicate}. */
  public SortedSet<Dot> dotsWhere(Predicate<T> predicate) {
    TreeSet<Dot> dots = new TreeSet<>();
    byDot.forEach((dot, element) -> {
      if (predicate.test(element.value())) {
        dots.add(dot);
      }
    });
    return dots;
  }

  /** Those that no surviving element lists in {@code seen}: the candidates for showing. */
  public List<Element<T>> unseen() {
    TreeSet<Dot> seen = new TreeSet<>();
    for (Element<T> element : byDot.values()) {
      seen.addAll(element.seen());
    }
    if (seen.isEmpty()) {
      return elements();
    }
    List<Element<T>> unseen = new ArrayList<>();
    byDot.forEach((dot, element) -> {
      if (!seen.contains(dot)) {
        unseen.add(element);
      }
    });
    return unseen;
  }

  /**
   * The {@link Limits#SIBLINGS_KEPT_MAX} that matter most. What somebody saw and wrote over goes
   * first, else a version that it hides would show again; then what ranks lowest.
   */
  Siblings<T> bounded(Comparator<Element<T>> rank) {
    int surplus = byDot.size() - Limits.SIBLINGS_KEPT_MAX;
    if (surplus <= 0) {
      return this;
    }
    List<Element<T>> unseen = unseen();
    List<Dot> going =
        byDot.values().stream()
            .sorted(Comparator.<Element<T>, Boolean>comparing(unseen::contains).thenComparing(rank))
            .limit(surplus)
            .map(Element::dot)
            .toList();
    return without(going);
  }

  public Siblings<T> without(Collection<Dot> superseded) {
    TreeMap<Dot, Element<T>> left = new TreeMap<>(byDot);
    left.keySet().removeAll(superseded);
    return new Siblings<>(left);
  }

  public Siblings<T> with(Element<T> element) {
    TreeMap<Dot, Element<T>> joined = new TreeMap<>(byDot);
    joined.put(element.dot(), element);
    return new Siblings<>(joined);
  }

  /** Whether {@link #merge} stays within its limit, with room for one write more. */
  boolean fits(VersionVector context, Siblings<T> other, VersionVector otherContext) {
    return byDot.size() + other.byDot.size() < Limits.SIBLINGS_MAX
        || survivors(context, other, otherContext).size() < Limits.SIBLINGS_MAX;
  }

  /** Elements in both, and those in one whose dot the other's context does not cover. */
  Siblings<T> merge(VersionVector context, Siblings<T> other, VersionVector otherContext) {
    return new Siblings<>(survivors(context, other, otherContext));
  }

  private TreeMap<Dot, Element<T>> survivors(
      VersionVector context, Siblings<T> other, VersionVector otherContext) {
    TreeMap<Dot, Element<T>> merged = new TreeMap<>();
    byDot.forEach((dot, element) -> {
      if (other.byDot.containsKey(dot) || !otherContext.covers(dot)) {
        merged.put(dot, element);
      }
    });
    for (Map.Entry<Dot, Element<T>> entry : other.byDot.entrySet()) {
      if (!byDot.containsKey(entry.getKey()) && !context.covers(entry.getKey())) {
        merged.put(entry.getKey(), entry.getValue());
      }
    }
    return merged;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Siblings<?> that && byDot.equals(that.byDot);
  }

  @Override
  public int hashCode() {
    return byDot.hashCode();
  }

  @Override
  public String toString() {
    return byDot.values().toString();
  }
}
