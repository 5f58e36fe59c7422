package dev.replicator.model;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which writes stand behind what a path holds on this disk.
 *
 * @param contents dots whose content is there, equal ones included
 * @param siblings content dots that were known and not chosen when it was put or read
 */
public record Knowledge(
    SortedSet<Dot> contents,
    SortedSet<Dot> mtimes,
    SortedSet<Dot> attributes,
    SortedSet<Dot> siblings) {
  public static final Knowledge NONE =
      new Knowledge(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());

  public Knowledge {
    contents = copy(contents);
    mtimes = copy(mtimes);
    attributes = copy(attributes);
    siblings = copy(siblings);
  }

  private static SortedSet<Dot> copy(SortedSet<Dot> dots) {
    return dots.isEmpty()
        ? Collections.emptySortedSet()
        : Collections.unmodifiableSortedSet(new TreeSet<>(dots));
  }

  /** What both know: all that a write of unknown ancestry may supersede. */
  public Knowledge intersect(Knowledge other) {
    return new Knowledge(
        common(contents, other.contents),
        common(mtimes, other.mtimes),
        common(attributes, other.attributes),
        common(siblings, other.siblings));
  }

  /** What either knows. */
  public Knowledge join(Knowledge other) {
    return new Knowledge(
        joined(contents, other.contents),
        joined(mtimes, other.mtimes),
        joined(attributes, other.attributes),
        joined(siblings, other.siblings));
  }

  /** Without the writes that {@code replaced} names, whether their contents are here or not. */
  public Knowledge without(Knowledge replaced) {
    return new Knowledge(
        left(contents, replaced.contents),
        left(mtimes, replaced.mtimes),
        left(attributes, replaced.attributes),
        left(siblings, replaced.contents));
  }

  private static SortedSet<Dot> joined(SortedSet<Dot> one, SortedSet<Dot> other) {
    TreeSet<Dot> joined = new TreeSet<>(one);
    joined.addAll(other);
    return joined;
  }

  private static SortedSet<Dot> left(SortedSet<Dot> dots, SortedSet<Dot> gone) {
    TreeSet<Dot> left = new TreeSet<>(dots);
    left.removeAll(gone);
    return left;
  }

  private static SortedSet<Dot> common(SortedSet<Dot> one, SortedSet<Dot> other) {
    TreeSet<Dot> common = new TreeSet<>(one);
    common.retainAll(other);
    return common;
  }
}
