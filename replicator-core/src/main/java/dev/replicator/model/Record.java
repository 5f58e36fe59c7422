package dev.replicator.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What a node knows of a path: a CRDT whose concurrent writes stand beside each other until a later
 * write supersedes them (docs/CONFLICTS.md).
 *
 * @param context covers every dot that this record has merged; an element that it covers and does
 *     not hold was superseded
 */
public record Record(
    VersionVector context,
    Siblings<Entry> contents,
    Siblings<Instant> mtimes,
    Siblings<Attributes> attributes) {

  /*
   * Which of several concurrent contents shows is a function of the elements alone, so that every
   * node shows the same one in any order of delivery. What nobody wrote (adopted) ranks below what
   * somebody did; a modification survives a concurrent deletion; a directory survives a file so
   * that its children keep a place. The last comparisons only break ties.
   */
  private static final Comparator<Element<Entry>> CONTENT_RANK =
      Comparator.<Element<Entry>, Boolean>comparing(element -> !element.adopted())
          .thenComparing(element -> element.value().isPresent())
          .thenComparing(element -> element.value().type() == EntryType.DIRECTORY)
          .thenComparing(Element::preference)
          .thenComparing(Element::clock)
          .thenComparing(element -> tieBreak(element.value()))
          .thenComparing(Element::dot);

  private static final Comparator<Element<Instant>> MTIME_RANK =
      Comparator.<Element<Instant>, Boolean>comparing(element -> !element.adopted())
          .thenComparing(Element::preference)
          .thenComparing(Element::clock)
          .thenComparing(Element::value)
          .thenComparing(Element::dot);

  private static final Comparator<Element<Attributes>> ATTRIBUTES_RANK =
      Comparator.<Element<Attributes>, Boolean>comparing(element -> !element.adopted())
          .thenComparing(Element::preference)
          .thenComparing(Element::clock)
          .thenComparing(Element::value)
          .thenComparing(Element::dot);

  public Record {
    requireCovered(context, contents);
    requireCovered(context, mtimes);
    requireCovered(context, attributes);
    if (context.size() > Limits.VECTOR_REPLICAS_MAX) {
      throw new IllegalArgumentException("vector of " + context.size() + " replicas");
    }
  }

  private static void requireCovered(VersionVector context, Siblings<?> siblings) {
    for (Dot dot : siblings.dots()) {
      if (!context.covers(dot)) {
        throw new IllegalArgumentException("element " + dot + " outside of its context");
      }
    }
  }

  private static Bytes tieBreak(Entry entry) {
    return switch (entry) {
      case Entry.File file -> file.digest().octets();
      case Entry.Symlink link -> link.target();
      case Entry.Directory directory -> Bytes.EMPTY;
      case Entry.Absent absent -> Bytes.EMPTY;
    };
  }

  /** A path of which nothing is known but that {@code context} was merged. */
  public static Record unknown(VersionVector context) {
    return new Record(context, Siblings.none(), Siblings.none(), Siblings.none());
  }

  /**
   * Whether {@link #merge} stays within every limit, with room for one write more. Records of
   * honest nodes always do.
   */
  public boolean fits(Record other) {
    return context.fits(other.context)
        && contents.fits(context, other.contents, other.context)
        && mtimes.fits(context, other.mtimes, other.context)
        && attributes.fits(context, other.attributes, other.context);
  }

  /*
   * A file that two nodes write all the time would gather versions without end. What goes is a
   * function of the elements, the context still covers it, and what shows stays: wherever records
   * meet that were bounded apart, they agree.
   */

  /** Without the least of its concurrent versions, when there are more than are kept. */
  public Record bounded() {
    return with(
        context,
        contents.bounded(CONTENT_RANK),
        mtimes.bounded(MTIME_RANK),
        attributes.bounded(ATTRIBUTES_RANK));
  }

  /** Commutative, associative and idempotent. */
  public Record merge(Record other) {
    return with(
        context.join(other.context),
        contents.merge(context, other.contents, other.context),
        mtimes.merge(context, other.mtimes, other.context),
        attributes.merge(context, other.attributes, other.context));
  }

  /** Of these parts: this where each is the one of before. */
  private Record with(
      VersionVector newContext,
      Siblings<Entry> newContents,
      Siblings<Instant> newMtimes,
      Siblings<Attributes> newAttributes) {
    boolean same =
        newContext == context
            && newContents == contents
            && newMtimes == mtimes
            && newAttributes == attributes;
    return same ? this : new Record(newContext, newContents, newMtimes, newAttributes);
  }

  /*
   * Of a forgotten path nothing is left but the context, which covers the deletion that was
   * forgotten; the peer may hold it still, and it decides what shows beside an adopted write. So
   * only contents that were deleted are left out, else records would differ and no clock would
   * tell.
   */

  /** What becomes of this, when it is of a path that was forgotten and somebody wrote anew. */
  public Record revive(Record theirs) {
    Record fresh = merge(theirs);
    if (fresh.isEmpty()) {
      return fresh;
    }
    List<Element<Entry>> live =
        theirs.contents.elements().stream()
            .filter(element -> !element.value().isPresent() || !context.covers(element.dot()))
            .toList();
    return new Record(fresh.context, Siblings.of(live), theirs.mtimes, theirs.attributes);
  }

  /** The content that every node shows: the greatest unseen element; empty without elements. */
  public Optional<Element<Entry>> visibleContent() {
    return greatest(contents.unseen(), CONTENT_RANK);
  }

  /** What {@link #visibleContent} holds, Absent without elements. */
  public Entry visibleEntry() {
    return visibleContent().map(Element::value).orElse(Entry.ABSENT);
  }

  /** The modification time that shows; empty when none is known. */
  public Optional<Element<Instant>> visibleMtime() {
    return greatest(mtimes.unseen(), MTIME_RANK);
  }

  /** The attributes that show for {@code type}; empty when none are known for that type. */
  public Optional<Element<Attributes>> visibleAttributes(EntryType type) {
    List<Element<Attributes>> competing = new ArrayList<>(attributes.size());
    for (Element<Attributes> element : attributes.unseen()) {
      if (element.value().type() == type) {
        competing.add(element);
      }
    }
    return greatest(competing, ATTRIBUTES_RANK);
  }

  private static <T> Optional<Element<T>> greatest(
      List<Element<T>> elements, Comparator<Element<T>> rank) {
    return elements.isEmpty() ? Optional.empty() : Optional.of(Collections.max(elements, rank));
  }

  /**
   * Present contents that differ from the visible one: versions that somebody may want back. Equal
   * contents are no conflict.
   */
  public List<Element<Entry>> hidden() {
    return hidden(visibleEntry());
  }

  /** As {@link #hidden()} where {@code shown} shows: a directory, because of what is in it. */
  public List<Element<Entry>> hidden(Entry shown) {
    return contents.elementsWhere(value -> value.isPresent() && !value.equals(shown));
  }

  /** Whether a version that somebody wrote does not show. Adopted losers are listed apart. */
  public boolean isConflict() {
    return isConflict(visibleEntry());
  }

  /** As {@link #isConflict()} where {@code shown} shows. */
  public boolean isConflict(Entry shown) {
    return hidden(shown).stream().anyMatch(element -> !element.adopted());
  }

  /** The highest clock of all elements, 0 without elements. */
  public long clockMax() {
    long contentsMax = clockMax(contents);
    return Math.max(contentsMax, Math.max(clockMax(mtimes), clockMax(attributes)));
  }

  private static <T> long clockMax(Siblings<T> siblings) {
    long max = 0;
    for (Element<T> element : siblings.elements()) {
      max = Math.max(max, element.clock());
    }
    return max;
  }

  /** The highest clock of those elements that {@code known} names, 0 without any. */
  public long clockMax(Knowledge known) {
    long contentsMax = clockMax(contents, known.contents());
    long mtimesMax = clockMax(mtimes, known.mtimes());
    return Math.max(Math.max(contentsMax, mtimesMax), clockMax(attributes, known.attributes()));
  }

  private static <T> long clockMax(Siblings<T> siblings, SortedSet<Dot> known) {
    long max = 0;
    for (Element<T> element : siblings.elements()) {
      if (known.contains(element.dot())) {
        max = Math.max(max, element.clock());
      }
    }
    return max;
  }

  /** Whether each element of {@code other} is one of this, in its place. */
  public boolean holds(Record other) {
    return contents.dots().containsAll(other.contents.dots())
        && mtimes.dots().containsAll(other.mtimes.dots())
        && attributes.dots().containsAll(other.attributes.dots());
  }

  /** Whether anything of it was found by a node that could not know after what it was written. */
  public boolean isAdopted() {
    return isAdopted(contents) || isAdopted(mtimes) || isAdopted(attributes);
  }

  private static <T> boolean isAdopted(Siblings<T> siblings) {
    for (Element<T> element : siblings.elements()) {
      // With an initial preference what is adopted carries that, and may carry no flag.
      if (element.adopted() || element.preference() != Element.PREFERENCE_DEFAULT) {
        return true;
      }
    }
    return false;
  }

  /** Every dot that an element of any part carries. */
  public SortedSet<Dot> dots() {
    return Dots.of(contents.dots()).join(Dots.of(mtimes.dots())).join(Dots.of(attributes.dots()));
  }

  /** Whether nothing is left of any part. */
  public boolean isEmpty() {
    return contents.isEmpty() && mtimes.isEmpty() && attributes.isEmpty();
  }
}
