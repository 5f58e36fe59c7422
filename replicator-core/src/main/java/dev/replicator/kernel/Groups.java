package dev.replicator.kernel;

import dev.replicator.model.Entry;
import dev.replicator.model.Group;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/*
 * A directory of which a peer tells that it arrived as a whole is not made, and where it is here
 * nothing below it is changed, so that all of it waits. When all was told, all that shows and is
 * not here yet is staged; when all is staged, it appears by one rename, or by one exchange takes
 * the place of what is here. Directories are staged anew for that: they cannot have two names.
 * Whatever stands against it lets the group go: then each path is applied by itself, the directory
 * first, as if there were no groups.
 */

/** Directories that arrived as a whole elsewhere, and are to appear as a whole here. */
final class Groups {
  static final long WAIT_MILLIS = 30_000;
  static final long STAGING_MILLIS = 120_000;
  private static final long RETRY_MILLIS = 500;
  private static final Predicate<Materialised> HERE = m -> m.entry().isPresent();
  private static final int OVER_REMEMBERED_MAX = 1_024;

  private final ReplicaState state;
  private final Paths paths;
  private final Records records;
  private final Applies applies;
  private final TreeMap<RelativePath, Gathering> open = new TreeMap<>();

  /** Those of which more may be told; they are not taken up again. */
  private final LinkedHashMap<RelativePath, Group> over =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RelativePath, Group> eldest) {
          return size() > OVER_REMEMBERED_MAX;
        }
      };

  /** Tops that were put here. */
  private final LinkedHashSet<RelativePath> put = new LinkedHashSet<>();

  /** One directory, from the first that was told of it until it is there. */
  private static final class Gathering {
    final RelativePath top;
    Group group;
    long untilMillis;
    long stageAtMillis;

    /** Since when nothing came but that nobody has a content. */
    OptionalLong lackingMillis = OptionalLong.empty();

    /** Who told that there is no more; what was written meanwhile comes before their end mark. */
    final TreeSet<NodeId> closedBy = new TreeSet<>();

    boolean whole;
    final ArrayDeque<RelativePath> wanted = new ArrayDeque<>();
    final TreeSet<RelativePath> staging = new TreeSet<>();
    final TreeMap<RelativePath, Event.Staged> staged = new TreeMap<>();
    Map<RelativePath, Intent> placing = Map.of();

    /** What would have been applied by itself meanwhile. */
    final TreeSet<RelativePath> held = new TreeSet<>();

    Gathering(RelativePath top, Group group, long untilMillis) {
      this.top = top;
      this.group = group;
      this.untilMillis = untilMillis;
    }

    int members() {
      return wanted.size() + staging.size() + staged.size();
    }
  }

  /** A path, what it shows, and what is there now. */
  private record Shown(RelativePath path, Showing showing, Optional<Materialised> here) {
    boolean isRemoval() {
      return !showing.target().entry().isPresent();
    }

    /** Directories are members though nothing about them changes. */
    boolean isThere() {
      return here.isPresent() && showing.isSettledBy(here);
    }
  }

  Groups(ReplicaState state, Paths paths, Records records, Applies applies) {
    this.state = state;
    this.paths = paths;
    this.records = records;
    this.applies = applies;
  }

  /**
   * A change of a group was merged, in the order of its sender's journal.
   *
   * @param news whether it was stored; of what was known, only the end of a group is of use
   */
  void told(NodeId peer, RelativePath path, Group group, boolean news) {
    Optional<RelativePath> top = state.settings.groups() ? group.top(path) : Optional.empty();
    if (top.isEmpty()) {
      return;
    }
    Gathering gathering = open.get(top.get());
    if (gathering == null) {
      if (!news || !mayOpen(top.get(), group)) {
        return;
      }
      gathering = new Gathering(top.get(), group, state.steadyMillis + WAIT_MILLIS);
      open.put(top.get(), gathering);
    }
    if (!news && !gathering.group.isSame(group)) {
      return;
    }
    if (!gathering.group.isSame(group)) {
      gathering.group = group;
      gathering.closedBy.clear();
      gathering.whole = false;
      gathering.untilMillis = state.steadyMillis + WAIT_MILLIS;
    }
    if (group.isClosed()) {
      gathering.closedBy.add(peer);
    }
  }

  /** A group that is put here, or arrived here: peers may tell of it once more. */
  void over(RelativePath top, Group group) {
    over.put(top, group);
  }

  /** Whether {@code top} was put here as a whole lately, or is just being put. */
  boolean wasPut(RelativePath top) {
    Gathering gathering = open.get(top);
    return put.contains(top) || (gathering != null && !gathering.placing.isEmpty());
  }

  private boolean mayOpen(RelativePath top, Group group) {
    boolean taken =
        state.draft.materialised(top).map(m -> m.entry().isPresent()).orElse(false)
            && !records.isDirectoryHere(top);
    boolean known = group.isSame(over.getOrDefault(top, Group.NONE));
    boolean nested =
        open.keySet().stream().anyMatch(other -> top.isWithin(other) || other.isWithin(top));
    return !top.isRoot() && !taken && !known && !nested && open.size() < Limits.GROUPS_MAX;
  }

  /** All that {@code peer} had to tell was merged. */
  void marked(NodeId peer) {
    for (Gathering gathering : open.values()) {
      if (!gathering.whole && gathering.closedBy.contains(peer)) {
        gathering.whole = true;
        gathering.untilMillis = state.steadyMillis + STAGING_MILLIS;
      }
    }
  }

  /** Whether a path is not to be applied by itself. */
  boolean holds(RelativePath path) {
    if (open.isEmpty()) {
      return false;
    }
    for (Gathering gathering : open.values()) {
      if (path.equals(gathering.top)) {
        return true;
      }
      if (path.isWithin(gathering.top) && records.isDirectoryHere(gathering.top)) {
        boolean full = gathering.held.size() >= Limits.GROUP_MEMBERS_MAX;
        if (!full) {
          gathering.held.add(path);
        } else if (gathering.placing.isEmpty() && !gathering.held.contains(path)) {
          letGo(gathering);
          return false;
        }
        // While it is put the rest waits as what is pending does: it is tried again by itself.
        return true;
      }
    }
    return false;
  }

  /** Goes on with those of which all is known, while there is room. */
  void dispatch() {
    if (open.isEmpty()) {
      return;
    }
    for (Gathering gathering : List.copyOf(open.values())) {
      boolean directory = records.effective(gathering.top).equals(Entry.DIRECTORY);
      if (gathering.placing.isEmpty() && !directory) {
        // Deleted meanwhile, or a link took its place: there is nothing to wait for, and its parent
        // may never come either.
        letGo(gathering);
      } else if (gathering.whole && gathering.placing.isEmpty()) {
        advance(gathering);
        stage(gathering);
      }
    }
  }

  private void advance(Gathering gathering) {
    boolean ready =
        gathering.wanted.isEmpty()
            && gathering.staging.isEmpty()
            && records.isDirectoryHere(gathering.top.parent())
            && gathering.staged.keySet().stream().noneMatch(paths::isBusy)
            && (!records.isDirectoryHere(gathering.top) || isQuiet(gathering.top));
    if (!ready) {
      return;
    }
    Optional<List<Shown>> members = members(gathering);
    if (members.isEmpty()) {
      letGo(gathering);
      return;
    }
    if (members.get().stream().allMatch(Shown::isThere)) {
      letGo(gathering);
      return;
    }
    TreeMap<RelativePath, Event.Staged> stale = new TreeMap<>(gathering.staged);
    for (Shown member : members.get()) {
      Event.Staged staged = stale.get(member.path());
      if (staged != null && staged.target().equals(member.showing().target())) {
        stale.remove(member.path());
      } else if (!member.isRemoval()) {
        gathering.wanted.add(member.path());
      }
    }
    stale.forEach((path, staged) -> discard(gathering, path));
    if (gathering.wanted.isEmpty()) {
      place(gathering, members.get());
    }
  }

  /** Whether nobody has changed anything there that was not taken in yet. */
  private boolean isQuiet(RelativePath top) {
    return paths.isQuiet(top) && !applies.hasAbsences(top);
  }

  /** What is shown at the path by now is not what was staged, or comes by itself. */
  private void discard(Gathering gathering, RelativePath path) {
    Event.Staged staged = gathering.staged.remove(path);
    if (staged != null) {
      state.emit(new Effect.Discard(staged.name()));
      applies.reconcile(path);
    }
  }

  /**
   * Everything that shows, and what is to go, directories first; empty when it cannot be put as a
   * whole. Files that are here as they show need not be put.
   */
  private Optional<List<Shown>> members(Gathering gathering) {
    RelativePath top = gathering.top;
    int others = open.values().stream().mapToInt(Gathering::members).sum() - gathering.members();
    int room = Limits.GROUP_MEMBERS_MAX - others;
    List<RelativePath> below = records.showingBelow(top, Math.max(room, 1));
    if (below.size() >= room) {
      return Optional.empty();
    }
    boolean replaces = records.isDirectoryHere(top);
    TreeMap<RelativePath, Materialised> present =
        replaces ? records.presentBelow(top, room) : new TreeMap<>();
    if (present.size() >= room) {
      return Optional.empty();
    }
    TreeSet<RelativePath> all = new TreeSet<>(below);
    for (RelativePath path : below) {
      // A directory that nobody wrote comes with what is in it.
      for (RelativePath at = path.parent(); !at.equals(top) && all.add(at); ) {
        at = at.parent();
      }
    }
    List<Shown> members = new ArrayList<>();
    TreeSet<RelativePath> directories = new TreeSet<>();
    long bytes = 0;
    all.add(top);
    all.addAll(present.keySet());
    for (RelativePath path : all) {
      Showing showing = records.showing(path);
      Optional<Materialised> here = state.draft.materialised(path).filter(HERE);
      boolean within =
          path.equals(top)
              || directories.contains(path.parent())
              || !showing.target().entry().isPresent();
      if (!within || !applies.replicates(path, showing, here) || stays(showing, here)) {
        continue;
      }
      if ((here.isPresent() && !replaces) || !isAllKept(path, showing, here)) {
        return Optional.empty();
      }
      switch (showing.target().entry()) {
        case Entry.Directory directory -> directories.add(path);
        case Entry.File file -> bytes += file.size();
        case Entry.Symlink link -> {}
        case Entry.Absent absent -> {}
      }
      members.add(new Shown(path, showing, here));
    }
    return directories.contains(top) && bytes <= Limits.GROUP_BYTES_MAX
        ? Optional.of(members)
        : Optional.empty();
  }

  /** What is here, and moves on into the new directory as it is. */
  private static boolean stays(Showing showing, Optional<Materialised> here) {
    boolean directory = showing.target().entry().equals(Entry.DIRECTORY);
    return !directory && here.isPresent() && showing.isSettledBy(here);
  }

  /** Whether no hidden version is to be kept first. */
  private boolean isAllKept(RelativePath path, Showing showing, Optional<Materialised> here) {
    return applies.keeping().next(records.of(path), showing.target().entry(), here).isEmpty();
  }

  private void stage(Gathering gathering) {
    if (state.steadyMillis < gathering.stageAtMillis) {
      return;
    }
    while (!gathering.wanted.isEmpty() && paths.hasCapacity()) {
      RelativePath path = gathering.wanted.getFirst();
      if (paths.isBusy(path)) {
        return;
      }
      gathering.wanted.removeFirst();
      Showing showing = records.showing(path);
      if (showing.target().entry().isPresent()) {
        paths.begin(path, Paths.Busy.STAGING);
        gathering.staging.add(path);
        Optional<Materialised> here = state.draft.materialised(path).filter(HERE);
        state.emit(new Effect.Stage(path, here, showing.target(), applies.sources(path)));
      }
    }
  }

  /** Whether what was staged is of a group. */
  boolean staged(Event.Staged event) {
    for (Gathering gathering : open.values()) {
      if (gathering.staging.remove(event.path())) {
        gathering.staged.put(event.path(), event);
        gathering.lackingMillis = OptionalLong.empty();
        return true;
      }
    }
    return false;
  }

  /**
   * A path could not be staged: then its group cannot, unless who told of it waits for the content
   * himself, which is not for ever: a crash may have taken the only one.
   */
  void failed(RelativePath path, Problem.Kind kind) {
    for (Gathering gathering : List.copyOf(open.values())) {
      if (gathering.staging.remove(path)) {
        long since = gathering.lackingMillis.orElse(state.steadyMillis);
        if (kind == Problem.Kind.CONTENT_MISSING && state.steadyMillis - since < WAIT_MILLIS) {
          gathering.lackingMillis = OptionalLong.of(since);
          gathering.wanted.add(path);
          gathering.stageAtMillis = state.steadyMillis + RETRY_MILLIS;
        } else {
          letGo(gathering);
        }
      }
    }
  }

  private void place(Gathering gathering, List<Shown> members) {
    Map<RelativePath, Intent> placing = new LinkedHashMap<>();
    List<GroupMember> asked = new ArrayList<>();
    for (Shown member : members) {
      RelativePath path = member.path();
      Optional<Event.Staged> staged = Optional.ofNullable(gathering.staged.remove(path));
      Intent intent =
          applies.intend(
              path,
              member.showing(),
              member.here(),
              staged.map(Event.Staged::stamp),
              staged.map(Event.Staged::name).orElse(""));
      placing.put(path, intent);
      asked.add(new GroupMember(path, intent));
      paths.begin(path, Paths.Busy.GROUPED);
    }
    gathering.placing = placing;
    state.emit(new Effect.PlaceGroup(gathering.top, asked));
  }

  /** Tells whether a directory was replaced, or was to be: all of it is to be looked at then. */
  boolean placed(RelativePath top, GroupOutcome outcome) {
    Gathering gathering = open.get(top);
    if (gathering == null || gathering.placing.isEmpty()) {
      return false;
    }
    Map<RelativePath, Intent> placing = gathering.placing;
    placing
        .keySet()
        .forEach(path -> {
          paths.end(path);
          state.draft.dropIntent(path);
        });
    switch (outcome) {
      case GroupOutcome.Placed placed -> {
        open.remove(top);
        over(top, gathering.group);
        put.add(top);
        if (put.size() > OVER_REMEMBERED_MAX) {
          put.removeFirst();
        }
        // What is in a directory first: it wakes what waits for it.
        new TreeMap<>(placed.members())
            .descendingMap()
            .forEach((path, ended) -> {
              Intent intent = placing.get(path);
              if (intent != null) {
                applies.concluded(path, intent, ended, true);
              }
            });
        gathering.held.forEach(applies::reconcile);
      }
      case GroupOutcome.NotPlaced not -> {
        letGo(gathering);
        paths.check(top);
      }
    }
    Intent intent = placing.get(top);
    return intent != null && intent.expected().isPresent();
  }

  /** Has each path applied by itself, beginning with the directory. */
  private void letGo(Gathering gathering) {
    open.remove(gathering.top);
    over(gathering.top, gathering.group);
    applies.reconcile(gathering.top);
    gathering.held.forEach(applies::reconcile);
    List.copyOf(gathering.staged.keySet()).forEach(path -> discard(gathering, path));
  }

  /** Nothing new begins any more: what waits in staging would be found by the next start. */
  void stop() {
    open.values().stream()
        .filter(gathering -> gathering.placing.isEmpty())
        .toList()
        .forEach(this::letGo);
  }

  /** Lets those go that take too long. */
  void tick() {
    open.values().stream()
        .filter(gathering -> gathering.placing.isEmpty())
        .filter(gathering -> gathering.untilMillis <= state.steadyMillis)
        .toList()
        .forEach(this::letGo);
  }

  long wakeAtMillis() {
    if (open.isEmpty()) {
      return Long.MAX_VALUE;
    }
    return open.values().stream()
        .filter(gathering -> gathering.placing.isEmpty())
        .mapToLong(gathering ->
            gathering.stageAtMillis > state.steadyMillis
                ? Math.min(gathering.stageAtMillis, gathering.untilMillis)
                : gathering.untilMillis)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
