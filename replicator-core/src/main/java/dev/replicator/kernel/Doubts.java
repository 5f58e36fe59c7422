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
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Collectors;

/*
 * A journal from a backup that starts while not everybody can be asked is not known to be one. What
 * its first scan finds may be older than what others hold, and nobody knows what its author saw. It
 * is told all the same: who cannot be asked may be away for weeks. So that it can be taken back
 * wherever it came meanwhile, such a write supersedes nothing but what its own replica wrote before
 * it. It lists as seen what it replaced, which is hidden by that and stands, with everybody.
 *
 * When a peer remembers more, the write is replaced by an adopted one, which hides nothing: what it
 * replaced shows again (Demotion). When everybody answered and nobody does, what it replaced goes:
 * a dot that no element carries tells everybody. It stays where somebody else wrote the same
 * content. Of what an old journal put last, and told nobody, nobody can remember more. What an old
 * journal tells to be in doubt stays: who could have contradicted that may have, and have forgotten
 * it.
 */

/** Makes certain what the first scan wrote while the journal may have been an old one. */
final class Doubts {
  private static final int PAGE = 128;

  private final ReplicaState state;
  private final Births births;
  private final Records records;
  private RelativePath cursor = RelativePath.ROOT;
  private boolean over;

  Doubts(ReplicaState state, Births births, Records records) {
    this.state = state;
    this.births = births;
    this.records = records;
  }

  /** Goes on a page at a time, once everybody answered. */
  void tick() {
    if (!births.isAnswered()) {
      cursor = RelativePath.ROOT;
      over = false;
    } else if (!isOver()) {
      if (cursor.isRoot()) {
        records.seeDoubts();
      }
      SortedMap<RelativePath, RecordState> page = state.draft.recordsAfter(cursor, PAGE);
      page.forEach(this::settle);
      over = page.size() < PAGE;
      cursor = over ? RelativePath.ROOT : page.lastKey();
    }
    if (isOver()) {
      births.settled();
    }
  }

  private boolean isOver() {
    return over && !records.hasNewDoubts();
  }

  /** When {@link #tick} has something to do. */
  long wakeAtMillis() {
    return births.isAnswered() && !isOver() ? state.steadyMillis : Long.MAX_VALUE;
  }

  private void settle(RelativePath path, RecordState stored) {
    Record record = stored.record();
    List<Doubt> doubts =
        stored.doubts().stream()
            .filter(doubt -> births.memories().isCertain(doubt.writer()))
            .toList();
    if (doubts.isEmpty()) {
      return;
    }
    Knowledge replaced = replaced(record, doubts);
    Record left =
        new Record(
            record.context(),
            record.contents().without(replaced.contents()),
            record.mtimes().without(replaced.mtimes()),
            record.attributes().without(replaced.attributes()));
    VersionVector told = left.equals(record) ? left.context() : left.context().with(state.mint());
    state
        .draft
        .materialised(path)
        .ifPresent(here ->
            state.draft.putMaterialised(
                path, here.withKnowledge(here.knowledge().without(replaced))));
    records.storeCertain(
        path, new Record(told, left.contents(), left.mtimes(), left.attributes()), stored.group());
  }

  /** What goes of {@code record} when nobody contradicted. */
  static Knowledge replaced(Record record, List<Doubt> doubts) {
    return doubts.stream()
        .map(doubt -> replaced(record, doubt, isWrite(record, doubt, doubts)))
        .reduce(Knowledge.NONE, Knowledge::join);
  }

  /**
   * Whether what was found is a write of somebody's. What others wrote as well this node may have
   * put itself, before its journal was replaced by an older one. An absence it never puts over what
   * is to show; and what was written over since was taken for a write by whoever did that.
   */
  private static boolean isWrite(Record record, Doubt doubt, List<Doubt> doubts) {
    Set<ReplicaId> own = doubts.stream().map(Doubt::writer).collect(Collectors.toSet());
    List<Element<Entry>> contents = record.contents().elements();
    Set<Entry> others =
        contents.stream()
            .filter(element -> !own.contains(element.dot().replica()))
            .map(Element::value)
            .collect(Collectors.toSet());
    List<Entry> found =
        contents.stream()
            .filter(element -> element.dot().replica().equals(doubt.writer()))
            .map(Element::value)
            .toList();
    return found.isEmpty()
        || found.stream().anyMatch(value -> !value.isPresent() || !others.contains(value));
  }

  /** What goes: only where something of the write stands for it. */
  private static Knowledge replaced(Record record, Doubt doubt, boolean write) {
    SortedSet<Dot> none = Collections.emptySortedSet();
    Knowledge all = doubt.replaced();
    return new Knowledge(
        write ? all.contents() : none,
        stands(record.mtimes(), doubt) ? all.mtimes() : none,
        stands(record.attributes(), doubt) ? all.attributes() : none,
        none);
  }

  private static boolean stands(Siblings<?> siblings, Doubt doubt) {
    return siblings.dots().stream().anyMatch(dot -> dot.replica().equals(doubt.writer()));
  }
}
