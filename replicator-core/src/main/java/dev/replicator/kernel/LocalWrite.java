package dev.replicator.kernel;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Record;
import dev.replicator.model.Siblings;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.model.VersionVector;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/*
 * A disk differs from what was materialised there: somebody wrote. The write supersedes exactly
 * the writes behind what was materialised, because that is all its author can have known; what
 * was merged meanwhile stays beside it. An adopted write supersedes nothing: nobody can say what
 * its author knew. Of a doubtful one neither can anybody be certain what it came over: it leaves
 * standing what it replaced, and hides it (see Doubts).
 */

/**
 * What was found on a disk, as a change of the path's record.
 *
 * @param record with the new elements; unchanged when nothing was written
 * @param materialised what is known to be on the disk now
 * @param doubt what is to go when it is known that the journal is no old one; empty when that is
 *     known
 */
record LocalWrite(
    Record record, Materialised materialised, boolean written, Optional<Knowledge> doubt) {

  /**
   * How a write is stamped.
   *
   * @param flagged ranks below what somebody wrote
   * @param adopted it was found by a node that cannot know who wrote it, or after what: supersedes
   *     nothing
   */
  record Pen(Dot dot, long clock, int preference, boolean flagged, boolean adopted) {
    <T> Element<T> element(T value, SortedSet<Dot> seen) {
      return new Element<>(
          dot, value, clock, preference, flagged, adopted ? new TreeSet<>() : seen);
    }
  }

  /**
   * @param before empty when nothing was ever materialised
   * @param perhaps what somebody may have replaced: it is hidden where what was found joins what
   *     shows
   * @param certain whether the disk was as {@code before} when somebody wrote: the first scan of a
   *     journal that may be an old one can also find an older tree, or what that forgot that it put
   * @param wrote what stood there in any case: it was read there since the start
   */
  static LocalWrite of(
      Record record,
      Optional<Materialised> before,
      Knowledge perhaps,
      Stamp stamp,
      Target found,
      boolean adopted,
      boolean certain,
      Predicate<Dot> wrote,
      Supplier<Pen> pen) {
    Knowledge known = before.map(Materialised::knowledge).orElse(Knowledge.NONE);
    Target was = before.map(Materialised::actual).orElse(Target.ABSENT);
    Entry shown = record.visibleEntry();
    boolean joined =
        !found.entry().equals(was.entry())
            && found.entry().equals(shown)
            && (adopted || !stands(record, known, dot -> certain || wrote.test(dot)));
    boolean content = !found.entry().equals(was.entry()) && !joined;
    Target base = joined ? Showing.of(record, shown, before).target() : was;
    boolean timed = found.entry().type().isTimed();
    boolean mtime = timed && (content || !found.mtime().equals(base.mtime()));
    boolean sameType = base.entry().type() == found.entry().type();
    boolean metadata =
        found.entry().isPresent() && (!sameType || !isSame(base.attributes(), found.attributes()));
    Parts parts = new Parts(record, known, adopted, certain, pen);
    if (content) {
      parts.writeContent(found.entry(), was.entry());
    } else if (joined && !adopted) {
      parts.hide(found.entry(), perhaps);
    }
    if (mtime) {
      parts.writeMtime(found.mtime());
    }
    Attributes asked = joined ? found.attributes() : asked(before, found, sameType);
    if (metadata) {
      parts.writeAttributes(asked, was.entry());
    }
    Record after = parts.result();
    Knowledge knowledge = parts.knowledge(found.entry());
    if (joined) {
      Knowledge all = Showing.knowledge(after, found.entry());
      knowledge =
          new Knowledge(
              all.contents(),
              mtime ? knowledge.mtimes() : all.mtimes(),
              metadata ? knowledge.attributes() : all.attributes(),
              knowledge.siblings());
    }
    Attributes settled = joined && !metadata ? base.attributes() : asked;
    Materialised there =
        new Materialised(stamp, found, settled, knowledge)
            .withWritten(ReplicaState.writtenMillis(after, knowledge));
    // What is adopted replaced nothing.
    Optional<Knowledge> doubt =
        certain || adopted ? Optional.empty() : Optional.of(parts.doubted());
    return new LocalWrite(after, there, parts.drawn.isPresent(), doubt);
  }

  /** Whether something that its writer replaced for sure still stands: he has to supersede it. */
  private static boolean stands(Record record, Knowledge known, Predicate<Dot> sure) {
    return known.contents().stream()
        .filter(sure)
        .anyMatch(dot -> record.contents().find(dot).isPresent());
  }

  /** Extended attributes apart, two attributes are the same when no field that was set differs. */
  private static boolean isSame(Attributes one, Attributes other) {
    return one.mode() == other.mode()
        && isSame(one.owner(), other.owner())
        && isSame(one.group(), other.group())
        && one.extended().equals(other.extended());
  }

  private static boolean isSame(Principal one, Principal other) {
    return one.equals(Showing.ANYBODY)
        || other.equals(Showing.ANYBODY)
        || (one.id() == other.id() && one.name().equals(other.name()))
        || (!one.name().isEmpty() && one.name().equals(other.name()));
  }

  /*
   * Where an owner could not be enforced, the disk shows another one than the record asks for. A
   * later chmod must not turn that shortcoming into a write: only fields that differ from what was
   * on the disk before are taken over. What joins what shows was never on the disk before: nothing
   * was asked of it, and what was asked of what stood there, or of its absence, is none of its own.
   */
  private static Attributes asked(Optional<Materialised> before, Target found, boolean sameType) {
    if (before.isEmpty() || !sameType || !found.entry().isPresent()) {
      return found.attributes();
    }
    Attributes was = before.get().actual().attributes();
    Attributes wanted = before.get().asked();
    if (wanted.type() != found.entry().type()) {
      return found.attributes();
    }
    Attributes now = found.attributes();
    return new Attributes(
        now.type(),
        now.mode() == was.mode() ? wanted.mode() : now.mode(),
        isSame(now.owner(), was.owner()) ? wanted.owner() : now.owner(),
        isSame(now.group(), was.group()) ? wanted.group() : now.group(),
        extended(wanted.extended(), was.extended(), now.extended()));
  }

  /** One that could not be put here is not taken from others because somebody set another one. */
  private static SortedMap<String, Bytes> extended(
      SortedMap<String, Bytes> wanted, SortedMap<String, Bytes> was, SortedMap<String, Bytes> now) {
    TreeMap<String, Bytes> asked = new TreeMap<>(wanted);
    was.keySet().stream().filter(name -> !now.containsKey(name)).forEach(asked::remove);
    now.forEach((name, value) -> {
      if (!Optional.of(value).equals(Optional.ofNullable(was.get(name)))) {
        asked.put(name, value);
      }
    });
    return Attributes.fits(asked) ? asked : now;
  }

  /** Collects the parts of a record as they are written. */
  private static final class Parts {
    private final Knowledge known;
    private final boolean adopted;
    private final boolean certain;
    private final Supplier<Pen> pens;
    private final VersionVector context;
    private Siblings<Entry> contents;
    private Siblings<Instant> mtimes;
    private Siblings<Attributes> attributes;
    private Optional<Pen> drawn = Optional.empty();
    private boolean written;
    private final TreeSet<Dot> doubtedContents = new TreeSet<>();
    private final TreeSet<Dot> doubtedMtimes = new TreeSet<>();
    private final TreeSet<Dot> doubtedAttributes = new TreeSet<>();

    Parts(Record record, Knowledge known, boolean adopted, boolean certain, Supplier<Pen> pens) {
      this.known = adopted ? Knowledge.NONE : known;
      this.adopted = adopted;
      this.certain = certain;
      this.pens = pens;
      this.context = record.context();
      this.contents = record.contents();
      this.mtimes = record.mtimes();
      this.attributes = record.attributes();
    }

    /** One dot for all parts of a write, and none when nothing is written. */
    private Pen pen() {
      if (drawn.isEmpty()) {
        drawn = Optional.of(pens.get());
      }
      return drawn.get();
    }

    void writeContent(Entry entry, Entry was) {
      written = true;
      SortedSet<Dot> seen = seen(known);
      contents = replaced(contents, known.contents(), doubtedContents);
      seen.retainAll(contents.dots());
      contents = contents.with(pen().element(entry, seen));
      if (entry.isPresent() && !was.isPresent() && !adopted) {
        attributes = replaced(attributes, ofType(entry.type()), doubtedAttributes);
      }
      // A deletion leaves mtimes and attributes: a concurrent edit that wins over it needs them.
    }

    /**
     * What may have been replaced stands and never shows again by itself. What hides it ranks below
     * what somebody wrote: perhaps this node itself put what is there, and nobody wrote it again.
     */
    void hide(Entry entry, Knowledge perhaps) {
      SortedSet<Dot> seen = seen(perhaps);
      seen.retainAll(contents.dots());
      seen.removeAll(contents.dotsWhere(entry::equals));
      if (contents.unseen().stream().anyMatch(element -> seen.contains(element.dot()))) {
        Pen pen = pen();
        contents =
            contents.with(
                new Element<>(pen.dot(), entry, pen.clock(), pen.preference(), true, seen));
      }
    }

    /** What those saw whom this author saw stays hidden, also where its content is not kept yet. */
    private SortedSet<Dot> seen(Knowledge replaced) {
      TreeSet<Dot> seen = new TreeSet<>(replaced.siblings());
      seen.addAll(replaced.contents());
      replaced.contents().stream()
          .flatMap(dot -> contents.find(dot).stream())
          .forEach(element -> seen.addAll(element.seen()));
      return seen;
    }

    void writeMtime(Instant mtime) {
      mtimes =
          replaced(mtimes, known.mtimes(), doubtedMtimes)
              .with(pen().element(mtime, new TreeSet<>()));
    }

    void writeAttributes(Attributes value, Entry was) {
      Siblings<Attributes> left =
          !was.isPresent() && !adopted
              ? attributes
              : replaced(attributes, knownOf(value.type()), doubtedAttributes);
      attributes = left.with(pen().element(value, new TreeSet<>()));
    }

    /**
     * Those of other types stand: a concurrent write may have one show again, and who made that
     * private did not mean others to see it.
     */
    private SortedSet<Dot> ofType(EntryType type) {
      return attributes.dotsWhere(value -> value.type() == type);
    }

    private SortedSet<Dot> knownOf(EntryType type) {
      TreeSet<Dot> of = new TreeSet<>(ofType(type));
      of.retainAll(known.attributes());
      return of;
    }

    /** What is left of {@code siblings}; of a doubtful write all but what its replica wrote. */
    private <T> Siblings<T> replaced(
        Siblings<T> siblings, SortedSet<Dot> known, SortedSet<Dot> doubted) {
      TreeSet<Dot> going = new TreeSet<>(known);
      if (!certain) {
        going.removeIf(dot -> !dot.replica().equals(pen().dot().replica()));
        doubted.addAll(siblings.dots());
        doubted.retainAll(known);
        doubted.removeAll(going);
      }
      return siblings.without(going);
    }

    /** What was replaced and is left standing. */
    Knowledge doubted() {
      return new Knowledge(
          doubtedContents, doubtedMtimes, doubtedAttributes, Collections.emptySortedSet());
    }

    Record result() {
      return new Record(
          drawn.map(pen -> context.with(pen.dot())).orElse(context), contents, mtimes, attributes);
    }

    /** Dots known before that survive, and the new one: nothing else was verified to be there. */
    Knowledge knowledge(Entry entry) {
      SortedSet<Dot> equal = new TreeSet<>(contents.dotsWhere(entry::equals));
      equal.removeIf(dot -> !known.contents().contains(dot) && !isOwn(dot));
      return new Knowledge(
          equal,
          known(known.mtimes(), mtimes),
          known(known.attributes(), attributes),
          siblings(equal));
    }

    /** Of what lay damaged the siblings say what it should be, which is to be fetched yet. */
    private SortedSet<Dot> siblings(SortedSet<Dot> equal) {
      if (written && known.contents().isEmpty()) {
        return Collections.emptySortedSet();
      }
      TreeSet<Dot> left = new TreeSet<>(contents.dots());
      left.removeIf(dot -> !known.siblings().contains(dot) || equal.contains(dot));
      return left;
    }

    private SortedSet<Dot> known(SortedSet<Dot> before, Siblings<?> now) {
      TreeSet<Dot> left = new TreeSet<>(now.dots());
      left.removeIf(dot -> !before.contains(dot) && !isOwn(dot));
      return left;
    }

    private boolean isOwn(Dot dot) {
      return drawn.isPresent() && drawn.get().dot().equals(dot);
    }
  }
}
