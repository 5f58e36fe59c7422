package dev.replicator.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The surviving writes of one part of a record: concurrent with each other, at most one per dot.
 */
public final class Siblings<T> {
  private static final Siblings<?> NONE = new Siblings<>(List.of());

  /** In the order of {@link #dots}, each in the place of its own. */
  private final List<Element<T>> elements;

  private final Dots dots;

  private Siblings(List<Element<T>> sorted) {
    if (sorted.size() > Limits.SIBLINGS_MAX) {
      throw new IllegalArgumentException("more than " + Limits.SIBLINGS_MAX + " siblings");
    }
    this.elements = List.copyOf(sorted);
    this.dots = Dots.named(elements);
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
    return byDot.isEmpty() ? none() : new Siblings<>(List.copyOf(byDot.values()));
  }

  public boolean isEmpty() {
    return elements.isEmpty();
  }

  public int size() {
    return elements.size();
  }

  /** In the order of dots. */
  public List<Element<T>> elements() {
    return elements;
  }

  public SortedSet<Dot> dots() {
    return dots;
  }

  public Optional<Element<T>> find(Dot dot) {
    int place = dots.place(dot);
    return place < 0 ? Optional.empty() : Optional.of(elements.get(place));
  }

  /** The dots of the elements whose value satisfies {@code predicate}. */
  public SortedSet<Dot> dotsWhere(Predicate<T> predicate) {
    return Dots.named(elementsWhere(predicate));
  }

  /** The elements whose value satisfies {@code predicate}. */
  List<Element<T>> elementsWhere(Predicate<T> predicate) {
    return where(element -> predicate.test(element.value()));
  }

  private List<Element<T>> where(Predicate<Element<T>> wanted) {
    List<Element<T>> found = new ArrayList<>(elements.size());
    for (Element<T> element : elements) {
      if (wanted.test(element)) {
        found.add(element);
      }
    }
    return found.size() == elements.size() ? elements : found;
  }

  /** Those that no surviving element lists in {@code seen}: the candidates for showing. */
  public List<Element<T>> unseen() {
    Dots seen = Dots.NONE;
    for (Element<T> element : elements) {
      seen = seen.join(Dots.of(element.seen()));
    }
    Dots hidden = seen;
    return hidden.isEmpty() ? elements : where(element -> !hidden.contains(element.dot()));
  }

  /**
   * The {@link Limits#SIBLINGS_KEPT_MAX} that matter most. What somebody saw and wrote over goes
   * first, else a version that it hides would show again; then what ranks lowest.
   */
  Siblings<T> bounded(Comparator<Element<T>> rank) {
    int surplus = elements.size() - Limits.SIBLINGS_KEPT_MAX;
    if (surplus <= 0) {
      return this;
    }
    List<Element<T>> unseen = unseen();
    List<Dot> going =
        elements.stream()
            .sorted(Comparator.<Element<T>, Boolean>comparing(unseen::contains).thenComparing(rank))
            .limit(surplus)
            .map(Element::dot)
            .toList();
    return without(going);
  }

  public Siblings<T> without(Collection<Dot> superseded) {
    return become(where(element -> !superseded.contains(element.dot())));
  }

  /** Those of {@code sorted}: this where they are the same. */
  private Siblings<T> become(List<Element<T>> sorted) {
    if (sorted.equals(elements)) {
      return this;
    }
    return sorted.isEmpty() ? none() : new Siblings<>(sorted);
  }

  /** In the place of one with its dot. */
  public Siblings<T> with(Element<T> element) {
    List<Element<T>> joined = new ArrayList<>(elements);
    int place = dots.place(element.dot());
    if (place >= 0) {
      joined.set(place, element);
    } else {
      joined.add(-place - 1, element);
    }
    return new Siblings<>(joined);
  }

  /** Whether {@link #merge} stays within its limit, with room for one write more. */
  boolean fits(VersionVector context, Siblings<T> other, VersionVector otherContext) {
    return size() + other.size() < Limits.SIBLINGS_MAX
        || survivors(context, other, otherContext).size() < Limits.SIBLINGS_MAX;
  }

  /** Elements in both, and those in one whose dot the other's context does not cover. */
  Siblings<T> merge(VersionVector context, Siblings<T> other, VersionVector otherContext) {
    return other == this ? this : become(survivors(context, other, otherContext));
  }

  private List<Element<T>> survivors(
      VersionVector context, Siblings<T> other, VersionVector otherContext) {
    List<Element<T>> merged = new ArrayList<>(size() + other.size());
    int ours = 0;
    int theirs = 0;
    while (ours < size() || theirs < other.size()) {
      int order = order(ours, other, theirs);
      if (order <= 0) {
        Element<T> our = elements.get(ours++);
        if (order == 0 || !otherContext.covers(our.dot())) {
          merged.add(our);
        }
        theirs += order == 0 ? 1 : 0;
      } else {
        Element<T> their = other.elements.get(theirs++);
        if (!context.covers(their.dot())) {
          merged.add(their);
        }
      }
    }
    return merged;
  }

  /** How what is next here is to what is next there; who has nothing more comes last. */
  private int order(int ours, Siblings<T> other, int theirs) {
    if (ours == size()) {
      return 1;
    }
    return theirs == other.size()
        ? -1
        : elements.get(ours).dot().compareTo(other.elements.get(theirs).dot());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Siblings<?> that && elements.equals(that.elements);
  }

  @Override
  public int hashCode() {
    return elements.hashCode();
  }

  @Override
  public String toString() {
    return elements.toString();
  }
}
