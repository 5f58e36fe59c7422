package dev.replicator.kernel;

import dev.replicator.model.Dot;
import dev.replicator.model.Doubt;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Group;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/** Keeps records: gives them numbers, and tells what each path shows with its descendants. */
final class Records {
  /** Most paths are files: the very next record already lies elsewhere. */
  private static final int PAGE_FIRST = 1;

  private static final int PAGE = 64;
  private static final int HINTS_MAX = 1_024;
  static final int HISTORY_LOOKED_AT_MAX = 1_000;
  static final byte[] FIRST_NAME = {1};

  private final ReplicaState state;
  private final Survey survey;
  private ShowingListener reconcile = path -> {};
  private WriteListener wrote = (dot, path) -> {};

  /** Directories with a descendant that showed when last looked: saves walking past tombstones. */
  private final Map<RelativePath, RelativePath> shownBelow;

  private final Implied implied;
  private boolean newDoubts;

  /** What was found out about paths lately. */
  private static final class Hints<T> extends LinkedHashMap<RelativePath, T> {
    private static final long serialVersionUID = 1L;

    private final int sizeMax;

    Hints(int sizeMax) {
      super(16, 0.75f, true);
      this.sizeMax = sizeMax;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<RelativePath, T> eldest) {
      return size() > sizeMax;
    }
  }

  /** Takes a path whose showing may have changed. */
  interface ShowingListener {
    void accept(RelativePath path);
  }

  /** Takes a write of this node. */
  interface WriteListener {
    void accept(Dot dot, RelativePath path);
  }

  Records(ReplicaState state, Survey survey) {
    this.state = state;
    shownBelow = new Hints<>(state.settings.bounds().remembered(HINTS_MAX));
    implied = new Implied(state.settings.bounds().remembered(Implied.PATHS_MAX));
    this.survey = survey;
    survey.asks(
        new Survey.Answers() {
          @Override
          public Entry shown(RelativePath path) {
            return effective(path);
          }

          @Override
          public void shows(RelativePath path) {
            imply(path);
          }

          @Override
          public void compare(RelativePath path) {
            reconcile.accept(path);
          }

          @Override
          public void tellAttributes(RelativePath path) {
            Choice.keepDirectory(state, Records.this, path);
          }
        });
  }

  void onWrite(WriteListener listener) {
    wrote = listener;
  }

  void onChange(ShowingListener listener) {
    reconcile = listener;
  }

  Optional<RecordState> find(RelativePath path) {
    return state.draft.record(path);
  }

  /** The record of {@code path}; of a forgotten or unknown one, what the root clock answers. */
  Record of(RelativePath path) {
    return find(path)
        .map(RecordState::record)
        .orElseGet(() -> Record.unknown(state.root().clock()));
  }

  /** Stores what changed, and has the path and the directories above it looked at again. */
  void store(RelativePath path, Record whole, Optional<NodeId> sender, long group) {
    store(path, whole, sender, group, standing(path));
  }

  /** As {@link #store}, what somebody wrote here. */
  void store(RelativePath path, LocalWrite write, long group) {
    List<Doubt> doubts = new ArrayList<>(standing(path));
    write
        .doubt()
        .filter(doubt -> find(path).isPresent())
        .ifPresent(doubt -> addDoubt(doubts, doubt));
    store(path, write.record(), Optional.empty(), group, doubts);
  }

  /** As {@link #store}, of a path at which nothing is doubted any more. */
  void storeCertain(RelativePath path, Record whole, long group) {
    store(path, whole, Optional.empty(), group, List.of());
  }

  private void store(
      RelativePath path, Record whole, Optional<NodeId> sender, long group, List<Doubt> doubts) {
    Optional<RecordState> before = find(path);
    Record after = whole.bounded();
    leave(path, before, whole, after);
    Entry shown = before.map(was -> was.record().visibleEntry()).orElse(Entry.ABSENT);
    Entry shows = after.visibleEntry();
    state.draft.putRecord(path, new RecordState(after, state.takeNumber(), sender, group, doubts));
    if (shows.isPresent() && !shown.isPresent()) {
      imply(path);
    }
    if (shows.equals(Entry.DIRECTORY) && !shown.isPresent() && firstBelow(path).isEmpty()) {
      state.draft.nothingBelow().came(path);
    }
    if (shown.equals(Entry.DIRECTORY) && !shows.equals(Entry.DIRECTORY)) {
      implied.add(path);
    }
    survey.changed(path, before.map(RecordState::record), after);
    long counter = state.root().counter();
    ReplicaId self = state.root().identity().replica();
    boolean fresh = counter > 0 && after.context().counter(self) == counter;
    if (sender.isEmpty() && fresh) {
      wrote.accept(new Dot(self, counter), path);
    }
    reconcile.accept(path);
    if (shown.isPresent() != shows.isPresent()) {
      reconcileAncestors(path);
    }
  }

  /**
   * Stores what superseded something long ago once more: who shows that still is told again by the
   * next session, should this one end before he hears of it.
   */
  void repeat(RelativePath path, Record record, long group) {
    Optional<RecordState> before = find(path);
    List<Doubt> doubts = before.map(RecordState::doubts).orElse(List.of());
    state.draft.putRecord(
        path, new RecordState(record, state.takeNumber(), Optional.empty(), group, doubts));
    survey.changed(path, before.map(RecordState::record), record);
  }

  /** Stores what arrived once more, as the last that is told of its group. */
  void close(RelativePath top, Group group, Optional<NodeId> sender) {
    find(top)
        .ifPresent(stored ->
            state.draft.putRecord(
                top,
                new RecordState(
                    stored.record(),
                    state.takeNumber(),
                    sender,
                    group.closed().id(),
                    stored.doubts())));
  }

  /** As {@link #close}, because {@code peer} did: who is told what is known here beyond that. */
  void close(RelativePath top, Group group, NodeId peer, Record told) {
    boolean same = find(top).map(RecordState::record).equals(Optional.of(told));
    close(top, group, same ? Optional.of(peer) : Optional.empty());
  }

  /** {@code path} shows: so do the directories above it, up to the first that was written. */
  private void imply(RelativePath path) {
    RelativePath ancestor = path;
    while (ancestor.depth() > 1) {
      ancestor = ancestor.parent();
      if (of(ancestor).visibleEntry().equals(Entry.DIRECTORY)) {
        return;
      }
      implied.add(ancestor);
    }
  }

  /** Each stands until it is known whether the journal was an old one when its writer began. */
  private List<Doubt> standing(RelativePath path) {
    return find(path)
        .map(
            stored -> stored.doubts().stream().filter(doubt -> isUnproven(doubt.writer())).toList())
        .orElse(List.of());
  }

  /** Whether a write is doubted since {@link #seeDoubts}. */
  boolean hasNewDoubts() {
    return newDoubts;
  }

  /** All that are doubted are about to be looked at. */
  void seeDoubts() {
    newDoubts = false;
  }

  /** The oldest are kept: what they replaced is what others are likeliest to hold. */
  private void addDoubt(List<Doubt> doubts, Knowledge replaced) {
    newDoubts = true;
    ReplicaId self = state.root().identity().replica();
    Optional<Doubt> own = doubts.stream().filter(it -> it.writer().equals(self)).findFirst();
    if (own.isPresent()) {
      doubts.set(doubts.indexOf(own.get()), new Doubt(self, own.get().replaced().join(replaced)));
    } else if (doubts.size() < Limits.DOUBTS_MAX) {
      doubts.add(new Doubt(self, replaced));
    }
  }

  /** Only what was written after an identity that may be contradicted is doubtful. */
  boolean isUnproven(ReplicaId writer) {
    return Rollback.lives(state.root()).stream()
        .skip(1)
        .anyMatch(life -> life.identity().replica().equals(writer));
  }

  /**
   * What does not show and is no version any more is history from now on: of more versions than are
   * kept what goes, and what somebody resolved.
   */
  private void leave(RelativePath path, Optional<RecordState> before, Record whole, Record after) {
    int kept = after.contents().size();
    int had = before.map(was -> was.record().contents().size()).orElse(0);
    if (kept >= Limits.SIBLINGS_KEPT_MAX && had < kept) {
      state.alarm(
          path + " has " + kept + " versions in conflict: older ones go to its history now");
    }
    if (whole.contents().size() > kept) {
      leave(path, whole, after);
    }
    if (had > 1) {
      Record was = before.get().record();
      leave(
          path,
          new Record(was.context(), hidden(was, whole), was.mtimes(), was.attributes()),
          after);
    }
  }

  /** What does not show, but for what {@code whole} still has. */
  private static Siblings<Entry> hidden(Record was, Record whole) {
    List<Element<Entry>> hidden = new ArrayList<>(was.hidden());
    hidden.removeIf(element -> whole.contents().find(element.dot()).isPresent());
    return Siblings.of(hidden);
  }

  private void leave(RelativePath path, Record had, Record after) {
    for (Element<Entry> element : had.contents().elements()) {
      boolean goes =
          after.contents().elements().stream()
              .noneMatch(
                  left -> left.dot().equals(element.dot()) || left.value().equals(element.value()));
      if (goes && element.value() instanceof Entry.File) {
        Target version = Showing.of(had, element.value(), Optional.empty()).target();
        // It left its place when something else came to show: that was then, and may be long ago.
        state.index.history(path, HISTORY_LOOKED_AT_MAX).stream()
            .filter(item -> item.dot().equals(element.dot()))
            .forEach(item -> state.draft.add(new JournalWrite.DropHistory(item)));
        state.draft.add(
            new JournalWrite.PutHistory(
                new HistoryItem(
                    path,
                    state.wallMillis,
                    ReplicaState.millis(element.clock()),
                    element.dot(),
                    version,
                    HistoryItem.Reason.LOST_CONFLICT)));
      }
    }
  }

  /** A directory that nobody wrote comes with its first descendant and goes with its last. */
  private void reconcileAncestors(RelativePath path) {
    RelativePath ancestor = path;
    while (ancestor.depth() > 1) {
      ancestor = ancestor.parent();
      if (of(ancestor).visibleEntry().equals(Entry.DIRECTORY)) {
        return;
      }
      survey.note(ancestor, of(ancestor));
      reconcile.accept(ancestor);
    }
  }

  /** What {@code path} shows: Directory while any descendant shows, whatever its record says. */
  Entry effective(RelativePath path) {
    Entry visible = of(path).visibleEntry();
    if (visible.equals(Entry.DIRECTORY) || !showsBelow(path)) {
      return visible;
    }
    return Entry.DIRECTORY;
  }

  Showing showing(RelativePath path) {
    Optional<Materialised> here = state.draft.materialised(path);
    return Showing.of(of(path), effective(path), here);
  }

  private boolean showsBelow(RelativePath directory) {
    if (survey.isOver() && !implied.mayBe(directory)) {
      return false;
    }
    boolean shows = findShownBelow(directory);
    if (!shows) {
      implied.remove(directory);
    }
    return shows;
  }

  private boolean findShownBelow(RelativePath directory) {
    RelativePath hint = shownBelow.get(directory);
    if (hint != null && of(hint).visibleEntry().isPresent()) {
      return true;
    }
    if (!mayHoldMore(directory)) {
      return false;
    }
    RelativePath cursor = directory.child(FIRST_NAME);
    if (find(cursor).isPresent() && of(cursor).visibleEntry().isPresent()) {
      return true;
    }
    int size = PAGE_FIRST;
    while (true) {
      SortedMap<RelativePath, RecordState> page = state.draft.recordsAfter(cursor, size);
      for (Map.Entry<RelativePath, RecordState> entry : page.entrySet()) {
        if (!entry.getKey().isWithin(directory)) {
          return false;
        }
        if (entry.getValue().record().visibleEntry().isPresent()) {
          shownBelow.put(directory, entry.getKey());
          return true;
        }
      }
      if (page.size() < size) {
        return false;
      }
      cursor = page.lastKey();
      size = PAGE;
    }
  }

  /** A path of the greatest length has no room for a name below it. */
  static boolean mayHoldMore(RelativePath path) {
    return path.length() + 1 + FIRST_NAME.length <= Limits.PATH_BYTES_MAX
        && path.depth() < Limits.PATH_DEPTH_MAX;
  }

  /** At most {@code limit} of the paths below {@code directory} that show. */
  List<RelativePath> showingBelow(RelativePath directory, int limit) {
    List<RelativePath> shown = new ArrayList<>();
    if (!mayHoldMore(directory)) {
      return shown;
    }
    RelativePath cursor = directory.child(FIRST_NAME);
    if (of(cursor).visibleEntry().isPresent()) {
      shown.add(cursor);
    }
    boolean more = true;
    while (more && shown.size() < limit) {
      SortedMap<RelativePath, RecordState> page = state.draft.recordsAfter(cursor, PAGE);
      page.forEach((path, stored) -> {
        if (path.isWithin(directory) && stored.record().visibleEntry().isPresent()) {
          shown.add(path);
        }
      });
      more = page.size() == PAGE && page.lastKey().isWithin(directory);
      cursor = more ? page.lastKey() : cursor;
    }
    return shown.size() > limit ? shown.subList(0, limit) : shown;
  }

  /** What is on this disk below a directory, up to so many. */
  TreeMap<RelativePath, Materialised> presentBelow(RelativePath top, int limit) {
    TreeMap<RelativePath, Materialised> present = new TreeMap<>();
    eachPresentBelow(top, () -> present.size() < limit, present::put);
    return present;
  }

  /** Tells page by page what is on this disk below a directory, while more is wanted. */
  void eachPresentBelow(
      RelativePath top, BooleanSupplier wanted, BiConsumer<RelativePath, Materialised> told) {
    if (!mayHoldMore(top)) {
      return;
    }
    RelativePath first = top.child(FIRST_NAME);
    state
        .draft
        .materialised(first)
        .filter(m -> m.entry().isPresent())
        .ifPresent(there -> told.accept(first, there));
    RelativePath cursor = first;
    boolean more = true;
    while (more && wanted.getAsBoolean()) {
      var page = state.draft.materialisedBelow(top, cursor, PAGE);
      page.forEach((path, there) -> {
        if (there.entry().isPresent()) {
          told.accept(path, there);
        }
      });
      more = page.size() == PAGE;
      cursor = more ? page.lastKey() : cursor;
    }
  }

  /** The index believes a path to be here whose directory is not: look before doing anything. */
  boolean hasLostParent(RelativePath path, Optional<Materialised> here) {
    return here.map(m -> m.entry().isPresent()).orElse(false) && !isDirectoryHere(path.parent());
  }

  boolean isDirectoryHere(RelativePath directory) {
    return directory.isRoot()
        || state
            .draft
            .materialised(directory)
            .map(m -> m.entry().equals(Entry.DIRECTORY))
            .orElse(false);
  }

  /** Whether there is a record of {@code path}, or of anything below it. */
  boolean isKnown(RelativePath path) {
    RelativePath cursor = path.child(FIRST_NAME);
    return find(path).isPresent()
        || find(cursor).isPresent()
        || state.draft.recordsAfter(cursor, 1).keySet().stream().anyMatch(it -> it.isWithin(path));
  }

  /** The first path below {@code directory} that is on this disk. */
  Optional<RelativePath> firstBelow(RelativePath directory) {
    if (!mayHoldMore(directory) || state.draft.nothingBelow().isSure(directory)) {
      return Optional.empty();
    }
    RelativePath cursor = directory.child(FIRST_NAME);
    if (state.draft.materialised(cursor).map(m -> m.entry().isPresent()).orElse(false)) {
      return Optional.of(cursor);
    }
    int size = PAGE_FIRST;
    while (true) {
      SortedMap<RelativePath, Materialised> page =
          state.draft.materialisedBelow(directory, cursor, size);
      for (Map.Entry<RelativePath, Materialised> entry : page.entrySet()) {
        if (entry.getValue().entry().isPresent()) {
          return Optional.of(entry.getKey());
        }
      }
      if (page.size() < size) {
        return Optional.empty();
      }
      cursor = page.lastKey();
      size = PAGE;
    }
  }
}
