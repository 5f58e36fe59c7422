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

  private static SortedSet<Dot> common(SortedSet<Dot> one, SortedSet<Dot> other) {
    TreeSet<Dot> common = new TreeSet<>(one);
    common.retainAll(other);
    return common;
  }
}
