package dev.replicator.model;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * Each record and all that is known of a disk hold several of these, nearly all of no dot or of
 * one, and whatever happens asks and joins some: an array costs a fraction of a tree.
 */

/** A set of dots that never changes: an array in their order. */
final class Dots extends AbstractSet<Dot> implements SortedSet<Dot> {
  static final Dots NONE = new Dots(new Dot[0]);

  private final Dot[] dots;

  private Dots(Dot[] sorted) {
    this.dots = sorted;
  }

  static Dots of(Collection<Dot> dots) {
    if (dots instanceof Dots same) {
      return same;
    }
    return dots.isEmpty() ? NONE : new Dots(new TreeSet<>(dots).toArray(Dot[]::new));
  }

  /** Those of {@code elements}, which are in the order of dots and share none. */
  static <T> Dots named(List<Element<T>> elements) {
    if (elements.isEmpty()) {
      return NONE;
    }
    Dot[] dots = new Dot[elements.size()];
    for (int place = 0; place < dots.length; place++) {
      dots[place] = elements.get(place).dot();
    }
    return new Dots(dots);
  }

  @Override
  public int size() {
    return dots.length;
  }

  @Override
  public boolean isEmpty() {
    return dots.length == 0;
  }

  /** Where {@code dot} is in the order; negative when it is not here. */
  int place(Dot dot) {
    return Arrays.binarySearch(dots, dot);
  }

  @Override
  public boolean contains(Object other) {
    return other instanceof Dot dot && place(dot) >= 0;
  }

  /** Those of either. */
  Dots join(Dots other) {
    if (other == this || other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    Dot[] joined = Arrays.copyOf(dots, dots.length + other.dots.length);
    int size = dots.length;
    for (Dot dot : other.dots) {
      if (!contains(dot)) {
        joined[size++] = dot;
      }
    }
    if (size == dots.length) {
      return this;
    }
    Arrays.sort(joined, 0, size);
    return new Dots(Arrays.copyOf(joined, size));
  }

  /** Those that {@code other} holds, too. */
  Dots common(Dots other) {
    return other == this ? this : where(other::contains);
  }

  Dots without(Dots other) {
    return other.isEmpty() ? this : where(dot -> !other.contains(dot));
  }

  private Dots where(Predicate<Dot> kept) {
    Dot[] left = new Dot[dots.length];
    int size = 0;
    for (Dot dot : dots) {
      if (kept.test(dot)) {
        left[size++] = dot;
      }
    }
    if (size == dots.length) {
      return this;
    }
    return size == 0 ? NONE : new Dots(Arrays.copyOf(left, size));
  }

  @Override
  public Iterator<Dot> iterator() {
    return Arrays.asList(dots).iterator();
  }

  @Override
  public void forEach(Consumer<? super Dot> action) {
    for (Dot dot : dots) {
      action.accept(dot);
    }
  }

  @Override
  public Object[] toArray() {
    return Arrays.copyOf(dots, dots.length, Object[].class);
  }

  @Override
  public @Nullable Comparator<? super Dot> comparator() {
    return null;
  }

  @Override
  public Dot first() {
    if (isEmpty()) {
      throw new NoSuchElementException("no dot");
    }
    return dots[0];
  }

  @Override
  public Dot last() {
    if (isEmpty()) {
      throw new NoSuchElementException("no dot");
    }
    return dots[dots.length - 1];
  }

  @Override
  public Dots subSet(Dot from, Dot to) {
    return where(dot -> dot.compareTo(from) >= 0 && dot.compareTo(to) < 0);
  }

  @Override
  public Dots headSet(Dot to) {
    return where(dot -> dot.compareTo(to) < 0);
  }

  @Override
  public Dots tailSet(Dot from) {
    return where(dot -> dot.compareTo(from) >= 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dots that ? Arrays.equals(dots, that.dots) : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
