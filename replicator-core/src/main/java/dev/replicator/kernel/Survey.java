package dev.replicator.kernel;

import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Walks the records at leisure: counts conflicts, and forgets deletions that every configured peer
 * durably knows.
 */
final class Survey {
  /** So few that a change which comes meanwhile does not wait for a millisecond. */
  private static final int PAGE = 128;

  private static final long PAUSE_MILLIS = 1_000;

  static final int CONFLICTS_LISTED_MAX = 10_000;

  /** Beyond these a deletion that cannot be forgotten yet is remembered until the next start. */
  private static final int LEFT_MAX = 1_024;

  /** One that stays for months costs nothing by then. */
  private static final long LEFT_PAUSE_MILLIS_MAX = 60_000;

  private final ReplicaState state;
  private final ChangedRules rules;
  private final TreeSet<RelativePath> conflicts = new TreeSet<>();
  private final TreeSet<RelativePath> adopted = new TreeSet<>();
  private Optional<RelativePath> cursor = Optional.of(RelativePath.ROOT);
  private long collectedThrough;

  /** Deletions that all know and that have work to do here, or came too late for a directory. */
  private final TreeSet<RelativePath> left = new TreeSet<>();

  private long leftPauseMillis = PAUSE_MILLIS;
  private long leftAtMillis;

  private boolean mayWrite;
  private long tombstones;
  private long nextMillis;
  private Optional<Answers> answers = Optional.empty();

  /** What a survey needs of those who keep the records. */
  interface Answers {
    /** What a path shows with its descendants. */
    Entry shown(RelativePath path);

    /** Takes a path whose record shows something. */
    void shows(RelativePath path);

    /** Looks whether there is work to do at a path. */
    void compare(RelativePath path);

    /**
     * A directory was deleted, and is there for its descendants alone: its owner, mode and list are
     * written once more, for with the deletion they would be forgotten.
     */
    void tellAttributes(RelativePath path);
  }

  Survey(ReplicaState state, ChangedRules rules) {
    this.state = state;
    this.rules = rules;
  }

  void asks(Answers records) {
    answers = Optional.of(records);
  }

  /** Whether every record was seen since the start. */
  boolean isOver() {
    return cursor.isEmpty();
  }

  SortedSet<RelativePath> conflicts() {
    return conflicts;
  }

  SortedSet<RelativePath> adoptedLosers() {
    return adopted;
  }

  long tombstones() {
    return tombstones;
  }

  void changed(RelativePath path, Optional<Record> before, Record after) {
    boolean surveyed = cursor.map(reached -> path.compareTo(reached) <= 0).orElse(true);
    if (surveyed && before.map(Survey::isTombstone).orElse(false)) {
      tombstones--;
    }
    if (surveyed && isTombstone(after)) {
      tombstones++;
    }
    note(path, after);
  }

  void note(RelativePath path, Record record) {
    Entry there = answers.orElseThrow().shown(path);
    boolean conflict = record.isConflict(there);
    boolean lost = record.hidden(there).stream().anyMatch(Element::adopted);
    keep(conflicts, path, conflict);
    keep(adopted, path, lost && !conflict);
  }

  private static void keep(TreeSet<RelativePath> paths, RelativePath path, boolean listed) {
    if (!listed) {
      paths.remove(path);
    } else if (paths.size() < CONFLICTS_LISTED_MAX) {
      paths.add(path);
    }
  }

  /** What somebody did to a directory that is there for its descendants is no tombstone. */
  static boolean isTombstone(Record record) {
    return record.contents().elements().stream().noneMatch(e -> e.value().isPresent())
        && (record.contents().size() > 0 || record.attributes().size() == 0);
  }

  /**
   * Goes on a page at a time.
   *
   * @param writing whether this node may give dots
   */
  void tick(boolean writing) {
    mayWrite = writing;
    rules.comparePage(PAGE, answers.orElseThrow()::compare);
    if (cursor.isPresent()) {
      surveyPage(cursor.get());
    }
    if (state.steadyMillis >= nextMillis) {
      nextMillis = state.steadyMillis + PAUSE_MILLIS;
      collectPage();
    }
  }

  /** When {@link #tick} has something to do. */
  long wakeAtMillis() {
    if (cursor.isPresent() || rules.isComparing()) {
      return state.steadyMillis;
    }
    boolean more =
        collectedThrough < state.root().nextNumber() - 1 && collectedThrough < durableEverywhere();
    long leftMillis = left.isEmpty() ? Long.MAX_VALUE : Math.max(leftAtMillis, nextMillis);
    return more ? nextMillis : leftMillis;
  }

  private void surveyPage(RelativePath after) {
    TreeMap<RelativePath, RecordState> page = new TreeMap<>(state.index.recordsAfter(after, PAGE));
    page.forEach((path, stored) -> {
      if (!showsAllAlone(path, stored.record(), page)) {
        note(path, stored.record());
      }
      if (isTombstone(stored.record())) {
        tombstones++;
      }
      if (stored.record().visibleEntry().isPresent()) {
        answers.orElseThrow().shows(path);
      }
    });
    cursor = page.size() < PAGE ? Optional.empty() : Optional.of(page.lastKey());
  }

  /** Whether a path has one version and, as the page tells, nothing below it: it hides nothing. */
  private static boolean showsAllAlone(
      RelativePath path, Record record, NavigableMap<RelativePath, RecordState> page) {
    if (record.contents().elements().size() > 1 || !Records.mayHoldMore(path)) {
      return false;
    }
    RelativePath behind = page.ceilingKey(path.child(Records.FIRST_NAME));
    return behind != null && !behind.isWithin(path);
  }

  /*
   * A deletion may be forgotten only when no peer can bring the deleted content back: each
   * configured one told on its own session that it durably merged it. The root clock then answers
   * for the path.
   */
  private void collectPage() {
    if (cursor.isPresent()) {
      return;
    }
    long durable = durableEverywhere();
    if (!left.isEmpty() && state.steadyMillis >= leftAtMillis) {
      boolean some = left.removeIf(path -> isOver(path, durable));
      retryLeft(some ? PAUSE_MILLIS : Math.min(2 * leftPauseMillis, LEFT_PAUSE_MILLIS_MAX));
    }
    if (collectedThrough >= durable) {
      return;
    }
    int seen = 0;
    for (Map.Entry<RelativePath, RecordState> entry :
        state.index.changesAfter(collectedThrough, PAGE)) {
      if (entry.getValue().number() > durable) {
        return;
      }
      seen++;
      collectedThrough = entry.getValue().number();
      boolean collected = isCollected(entry.getKey(), entry.getValue().record());
      if (!collected && left.size() < LEFT_MAX) {
        left.add(entry.getKey());
        retryLeft(PAUSE_MILLIS);
      }
    }
    if (seen < PAGE) {
      collectedThrough = durable;
    }
  }

  private void retryLeft(long pauseMillis) {
    leftPauseMillis = pauseMillis;
    leftAtMillis = state.steadyMillis + pauseMillis;
  }

  /**
   * Whether a path that was left is to be left no longer. One that was stored again comes again;
   * under a new journal nothing is durable anywhere for a while, and what was left stays so.
   */
  private boolean isOver(RelativePath path, long durable) {
    Optional<RecordState> stored = state.draft.record(path);
    return stored.isEmpty()
        || stored.get().number() > collectedThrough
        || (stored.get().number() <= durable && isCollected(path, stored.get().record()));
  }

  /** Forgets a deletion; whether there is none that is to be forgotten later. */
  private boolean isCollected(RelativePath path, Record record) {
    if (!isTombstone(record)) {
      return true;
    }
    if (!state.root().clock().covers(record.context())) {
      // The mark of what it came with is still to come.
      return false;
    }
    Optional<Materialised> here = state.draft.materialised(path);
    boolean gone = here.map(m -> !m.entry().isPresent()).orElse(true);
    boolean implied = !gone && answers.orElseThrow().shown(path).equals(Entry.DIRECTORY);
    if (state.draft.pending(path).isPresent() || (!gone && !implied)) {
      return false;
    }
    if (implied && record.visibleAttributes(EntryType.DIRECTORY).isPresent()) {
      // Whoever has forgotten the deletion already shows it with what no record tells.
      if (mayWrite) {
        answers.orElseThrow().tellAttributes(path);
      }
      return mayWrite;
    }
    tombstones--;
    state.draft.collectRecord(path);
    if (gone) {
      state.draft.dropMaterialised(path);
    } else {
      // It is there for its descendants alone from now on.
      answers.orElseThrow().compare(path);
    }
    return true;
  }

  private long durableEverywhere() {
    long least = state.root().nextNumber() - 1;
    SortedMap<NodeId, PeerProgress> known = state.draft.peers();
    for (NodeId peer : state.peers) {
      long durable =
          Optional.ofNullable(known.get(peer))
              .filter(p -> p.journal().equals(state.root().identity().journal()))
              .map(PeerProgress::durable)
              .orElse(0L);
      least = Math.min(least, durable);
    }
    return least;
  }
}
