package dev.replicator.model;

import java.util.SortedSet;

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
  public static final Knowledge NONE = new Knowledge(Dots.NONE, Dots.NONE, Dots.NONE, Dots.NONE);

  public Knowledge {
    contents = Dots.of(contents);
    mtimes = Dots.of(mtimes);
    attributes = Dots.of(attributes);
    siblings = Dots.of(siblings);
  }

  /** What both know: all that a write of unknown ancestry may supersede. */
  public Knowledge intersect(Knowledge other) {
    return new Knowledge(
        Dots.of(contents).common(Dots.of(other.contents)),
        Dots.of(mtimes).common(Dots.of(other.mtimes)),
        Dots.of(attributes).common(Dots.of(other.attributes)),
        Dots.of(siblings).common(Dots.of(other.siblings)));
  }

  /** What either knows. */
  public Knowledge join(Knowledge other) {
    return new Knowledge(
        Dots.of(contents).join(Dots.of(other.contents)),
        Dots.of(mtimes).join(Dots.of(other.mtimes)),
        Dots.of(attributes).join(Dots.of(other.attributes)),
        Dots.of(siblings).join(Dots.of(other.siblings)));
  }

  /** Without the writes that {@code replaced} names, whether their contents are here or not. */
  public Knowledge without(Knowledge replaced) {
    return new Knowledge(
        Dots.of(contents).without(Dots.of(replaced.contents)),
        Dots.of(mtimes).without(Dots.of(replaced.mtimes)),
        Dots.of(attributes).without(Dots.of(replaced.attributes)),
        Dots.of(siblings).without(Dots.of(replaced.contents)));
  }
}
