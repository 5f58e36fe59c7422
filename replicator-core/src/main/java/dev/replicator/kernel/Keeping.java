package dev.replicator.kernel;

import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Knows which contents the vault holds: versions that left, and siblings that do not show. */
final class Keeping {
  private static final int KEPT_REMEMBERED_MAX = 65_536;

  private final ReplicaState state;
  private final Records records;

  /** Contents that are in the vault; those that fell out of memory are asked for again. */
  private final LinkedHashMap<Digest, Boolean> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Boolean> eldest) {
          return size() > KEPT_REMEMBERED_MAX;
        }
      };

  Keeping(ReplicaState state, Records records) {
    this.state = state;
    this.records = records;
  }

  /** A content is in the vault now. */
  void kept(Digest digest) {
    kept.put(digest, true);
  }

  /** Contents are not in the vault any more. */
  void swept(Collection<Digest> digests) {
    digests.forEach(kept::remove);
  }

  /** Notes the version that an exchange took from its path: its content is in the vault. */
  void remember(RelativePath path, Intent intent) {
    leaving(intent).ifPresent(left -> remember(path, left, reason(intent)));
  }

  /** As {@link #remember}, of a version that left its path before and came to the vault now. */
  void remember(RelativePath path, Materialised left, HistoryItem.Reason reason) {
    if (left.entry() instanceof Entry.File file && !left.knowledge().contents().isEmpty()) {
      kept(file.digest());
      note(path, left, reason);
    }
  }

  /**
   * As {@link #remember}, when a crash cut the exchange off: perhaps somebody else took the version
   * away, and its content is not in the vault.
   */
  void note(RelativePath path, Intent intent) {
    leaving(intent)
        .filter(left -> !left.knowledge().contents().isEmpty())
        .ifPresent(left -> note(path, left, reason(intent)));
  }

  private static Optional<Materialised> leaving(Intent intent) {
    return intent
        .expected()
        .filter(m -> m.entry() instanceof Entry.File)
        .filter(m -> !m.entry().equals(intent.target().entry()));
  }

  private static HistoryItem.Reason reason(Intent intent) {
    return intent.target().entry().isPresent()
        ? HistoryItem.Reason.REPLACED
        : HistoryItem.Reason.DELETED;
  }

  private void note(RelativePath path, Materialised left, HistoryItem.Reason reason) {
    Dot dot = left.knowledge().contents().first();
    Optional<Element<Entry>> sibling = records.of(path).contents().find(dot);
    HistoryItem.Reason told =
        sibling
            .map(element ->
                element.adopted()
                    ? HistoryItem.Reason.ADOPTED_LOST
                    : HistoryItem.Reason.LOST_CONFLICT)
            .orElse(reason);
    state.draft.add(
        new JournalWrite.PutHistory(
            new HistoryItem(
                path, state.wallMillis, left.writtenMillis(), dot, left.actual(), told)));
  }

  /** All of the record's writes but hidden ones whose content is not here yet. */
  Knowledge joinable(Knowledge known, Record record, Entry entry) {
    return withSiblings(Showing.knowledge(record, entry), known, record, Optional.empty());
  }

  /** As {@link #joinable}; what {@code leaving} holds goes into the vault as it leaves. */
  Knowledge withSiblings(
      Knowledge all, Knowledge known, Record record, Optional<Materialised> leaving) {
    SortedSet<Dot> held = held(known, leaving);
    TreeSet<Dot> siblings = new TreeSet<>(all.siblings());
    siblings.removeIf(dot -> !held.contains(dot) && !isKept(record, dot, leaving));
    return new Knowledge(all.contents(), all.mtimes(), all.attributes(), siblings);
  }

  /**
   * Hidden versions whose content is here, as {@code known} says. It is not where no version stands
   * behind a file: of what lies damaged these are what it should be.
   */
  private static SortedSet<Dot> held(Knowledge known, Optional<Materialised> here) {
    boolean damaged =
        here.filter(m -> m.entry() instanceof Entry.File)
            .filter(m -> m.knowledge().contents().isEmpty())
            .isPresent();
    return damaged ? new TreeSet<>() : known.siblings();
  }

  private boolean isKept(Record record, Dot dot, Optional<Materialised> leaving) {
    Entry entry = record.contents().find(dot).map(Element::value).orElse(Entry.ABSENT);
    return !(entry instanceof Entry.File file)
        || kept.containsKey(file.digest())
        || leaving.map(m -> m.entry().equals(file)).orElse(false);
  }

  /** Whether no hidden version is to be kept before {@code path} shows. */
  boolean isAllKept(RelativePath path, Showing showing, Optional<Materialised> here) {
    return next(records.of(path), showing.target().entry(), here).isEmpty();
  }

  /** A hidden content that is to be fetched before the path is settled. */
  Optional<Entry.File> next(Record record, Entry shown, Optional<Materialised> here) {
    SortedSet<Dot> known = here.map(m -> held(m.knowledge(), here)).orElse(new TreeSet<>());
    for (Element<Entry> element : record.hidden(shown)) {
      boolean leaves = here.map(m -> m.entry().equals(element.value())).orElse(false);
      if (element.value() instanceof Entry.File file
          && !known.contains(element.dot())
          && !leaves
          && !kept.containsKey(file.digest())) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
