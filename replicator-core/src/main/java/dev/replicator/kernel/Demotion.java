package dev.replicator.kernel;

import dev.replicator.model.Dot;
import dev.replicator.model.Doubt;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * A journal from a backup that starts while no peer can be asked is not known to be one: what its
 * scan finds is taken for writes of the meantime. When a peer comes and remembers more, they must
 * neither outrank what it holds nor bring back what it deleted. Each is replaced by an adopted
 * element with the same value, under a dot of the new replica. What was found by the first scan had
 * left standing what it replaced (see Doubts), which shows again: the tree may be older than the
 * journal, and its author unknown. A write that was seen later was somebody's who saw what it
 * replaced, and stands over that.
 */

/** Makes writes that came after a rollback adopted ones. */
final class Demotion {
  private static final int PAGE = 256;

  private final ReplicaState state;
  private final Records records;
  private final Rollback rollback;

  Demotion(ReplicaState state, Records records, Rollback rollback) {
    this.state = state;
    this.records = records;
    this.rollback = rollback;
  }

  void run() {
    records.find(RelativePath.ROOT).ifPresent(stored -> demote(RelativePath.ROOT, stored));
    RelativePath cursor = RelativePath.ROOT;
    boolean more = true;
    while (more) {
      SortedMap<RelativePath, RecordState> page = state.draft.recordsAfter(cursor, PAGE);
      page.forEach(this::demote);
      more = page.size() == PAGE;
      cursor = page.isEmpty() ? cursor : page.lastKey();
    }
  }

  private void demote(RelativePath path, RecordState stored) {
    Record record = stored.record();
    List<Doubt> doubts =
        stored.doubts().stream()
            .filter(doubt ->
                rollback.doubtful().contains(doubt.writer())
                    || rollback.adopting().contains(doubt.writer()))
            .toList();
    TreeSet<ReplicaId> writers = new TreeSet<>(rollback.doubtful());
    doubts.forEach(doubt -> writers.add(doubt.writer()));
    TreeMap<Dot, Dot> renamed = new TreeMap<>();
    for (Dot dot : record.dots()) {
      if (writers.contains(dot.replica())) {
        renamed.put(dot, state.mint());
      }
    }
    if (renamed.isEmpty()) {
      return;
    }
    VersionVector context = record.context().join(VersionVector.covering(renamed.values()));
    // Nothing was there when the first scan looked: that is no deletion.
    boolean absences = !doubts.isEmpty();
    Siblings<Entry> contents = demoted(record.contents(), renamed);
    Record adopted =
        new Record(
            context,
            absences ? contents.without(fresh(contents, renamed, Entry.ABSENT)) : contents,
            demoted(record.mtimes(), renamed),
            demoted(record.attributes(), renamed));
    state
        .draft
        .materialised(path)
        .ifPresent(here -> {
          if (absences && !here.entry().isPresent()) {
            state.draft.dropMaterialised(path);
          } else {
            Knowledge known = here.knowledge();
            for (Doubt doubt : doubts) {
              known = known.without(doubt.replaced());
            }
            Knowledge after = withoutTimeNotPut(renamed(known, renamed), record, adopted);
            state.draft.putMaterialised(path, here.withKnowledge(after));
          }
        });
    records.store(path, adopted, Optional.empty(), stored.group());
  }

  /**
   * A time that shows now because another gave way was known, and not put: nobody may take it for
   * one that the file system cannot keep.
   */
  private static Knowledge withoutTimeNotPut(Knowledge known, Record before, Record after) {
    Optional<Instant> was = before.visibleMtime().map(Element::value);
    TreeSet<Dot> mtimes = new TreeSet<>(known.mtimes());
    after
        .visibleMtime()
        .filter(time -> !was.equals(Optional.of(time.value())))
        .ifPresent(time -> mtimes.remove(time.dot()));
    return new Knowledge(known.contents(), mtimes, known.attributes(), known.siblings());
  }

  private static SortedSet<Dot> fresh(
      Siblings<Entry> contents, Map<Dot, Dot> renamed, Entry value) {
    TreeSet<Dot> dots = new TreeSet<>(contents.dotsWhere(value::equals));
    dots.retainAll(new TreeSet<>(renamed.values()));
    return dots;
  }

  private static <T> Siblings<T> demoted(Siblings<T> siblings, Map<Dot, Dot> renamed) {
    return Siblings.of(
        siblings.elements().stream().map(element -> demoted(element, renamed)).toList());
  }

  private static <T> Element<T> demoted(Element<T> element, Map<Dot, Dot> renamed) {
    Dot fresh = renamed.get(element.dot());
    return fresh == null
        ? element
        : new Element<>(
            fresh,
            element.value(),
            element.clock(),
            Element.PREFERENCE_DEFAULT,
            true,
            new TreeSet<>());
  }

  private static Knowledge renamed(Knowledge known, Map<Dot, Dot> renamed) {
    return new Knowledge(
        renamed(known.contents(), renamed),
        renamed(known.mtimes(), renamed),
        renamed(known.attributes(), renamed),
        renamed(known.siblings(), renamed));
  }

  private static SortedSet<Dot> renamed(SortedSet<Dot> dots, Map<Dot, Dot> renamed) {
    TreeSet<Dot> after = new TreeSet<>();
    dots.forEach(dot -> after.add(renamed.getOrDefault(dot, dot)));
    return after;
  }
}
