package dev.replicator.kernel;

import dev.replicator.model.Change;
import dev.replicator.model.Entry;
import dev.replicator.model.Group;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;

/*
 * A directory of which a peer tells that it arrived as a whole is not made, and where it is here
 * nothing below it is changed, so that all of it waits. When all was told, all that shows and is
 * not here yet is staged; when all is staged, it appears by one rename, or by one exchange takes
 * the place of what is here. Directories are staged anew for that: they cannot have two names.
 * Whatever stands against it lets the group go: then each path is applied by itself, the directory
 * first, as if there were no groups.
 *
 * Where the directory was elsewhere in the root before, that is told with it, and held as well:
 * when it is here just as it shows there, one rename does all. A large file is a group only for
 * that: all of it was told once that is. It is never staged here, and waits not long.
 */

/** Directories that arrived as a whole elsewhere, and are to appear as a whole here. */
final class Groups {
  static final long WAIT_MILLIS = 30_000;
  static final long STAGING_MILLIS = 120_000;

  /** Its old name is told to be gone once that was judged. */
  static final long FILE_WAIT_MILLIS = Deletions.WAIT_MILLIS_MAX + 3_000;

  private static final long RETRY_MILLIS = 500;
  private static final Predicate<Materialised> HERE = m -> m.entry().isPresent();
  private static final int OVER_REMEMBERED_MAX = 1_024;

  private final ReplicaState state;
  private final Paths paths;
  private final Records records;
  private final Applies applies;
  private final GroupMembers whole;
  private final Relocation relocation;
  private final TreeMap<RelativePath, Gathering> open = new TreeMap<>();

  /** Those of which more may be told; they are not taken up again. */
  private final LinkedHashSet<Group> over = new LinkedHashSet<>();

  /** Tops that were put here. */
  private final LinkedHashSet<RelativePath> put = new LinkedHashSet<>();

  Groups(ReplicaState state, Paths paths, Records records, Applies applies) {
    this.state = state;
    this.paths = paths;
    this.records = records;
    this.applies = applies;
    this.whole = new GroupMembers(state, records, applies);
    this.relocation = new Relocation(state, records, applies);
  }

  /**
   * A change of a group was merged, in the order of its sender's journal.
   *
   * @param news whether it was stored; of what was known, only the end of a group is of use
   */
  void told(NodeId peer, Change change, boolean news) {
    RelativePath path = change.path();
    Group group = new Group(change.group());
    Optional<RelativePath> top = state.settings.groups() ? group.top(path) : Optional.empty();
    if (top.isEmpty() || over.contains(group.closed())) {
      return;
    }
    if (group.isDeparture()) {
      departs(peer, top.get(), group);
      return;
    }
    Gathering gathering = open.get(top.get());
    if (gathering == null) {
      if (!news || !mayOpen(top.get())) {
        ended(group);
        return;
      }
      gathering =
          new Gathering(
              top.get(),
              group,
              waitsUntilMillis(top.get()),
              state.steadyMillis + WAIT_MILLIS + STAGING_MILLIS);
      open.put(top.get(), gathering);
    }
    if (!news && !gathering.group.isSame(group)) {
      ended(group);
      return;
    }
    if (!gathering.group.isSame(group)) {
      gathering.group = group;
      gathering.closedBy.clear();
      gathering.whole = false;
      gathering.waitUntil(waitsUntilMillis(gathering.top));
    }
    if (group.isClosed()) {
      if (gathering.closedBy.isEmpty() && !isKnownClosed(path, group)) {
        // What arrived is itself no news, and who hears of its members from us has to know.
        records.close(path, group, peer, change.record());
      }
      gathering.closedBy.add(peer);
    }
  }

  /** All of one that is not gathered here was told: others may tell its members on, not its end. */
  private void ended(Group group) {
    if (group.isClosed()) {
      over(group);
    }
  }

  private long waitsUntilMillis(RelativePath top) {
    return state.steadyMillis + (isFile(top) ? FILE_WAIT_MILLIS : WAIT_MILLIS);
  }

  private boolean isKnownClosed(RelativePath top, Group group) {
    return records.find(top).filter(stored -> stored.group() == group.id()).isPresent();
  }

  /** Something is told of where that was before which arrives at another place. */
  private void departs(NodeId peer, RelativePath from, Group group) {
    boolean apart =
        open.keySet().stream().noneMatch(top -> top.isWithin(from) || from.isWithin(top));
    for (Gathering gathering : open.values()) {
      if (gathering.group.isLeftBy(group)) {
        if (gathering.from.isEmpty() && gathering.placing.isEmpty() && apart) {
          gathering.from = Optional.of(from);
        }
        if (isFile(gathering.top)) {
          gathering.closedBy.add(peer);
        }
      }
    }
  }

  /** Whether a file shows there that may have been renamed. */
  private boolean isFile(RelativePath top) {
    return state.settings.bounds().isLarge(records.effective(top));
  }

  /** A group that is put here, or arrived here: peers may tell of it once more. */
  void over(Group group) {
    over.add(group.closed());
    if (over.size() > state.settings.bounds().remembered(OVER_REMEMBERED_MAX)) {
      over.removeFirst();
    }
  }

  /** Whether {@code top} was put here as a whole lately, or is just being put. */
  boolean wasPut(RelativePath top) {
    Gathering gathering = open.get(top);
    return put.contains(top) || (gathering != null && !gathering.placing.isEmpty());
  }

  private boolean mayOpen(RelativePath top) {
    boolean taken =
        state.draft.materialised(top).map(m -> m.entry().isPresent()).orElse(false)
            && !records.isDirectoryHere(top);
    boolean nested =
        open.keySet().stream().anyMatch(other -> top.isWithin(other) || other.isWithin(top));
    return !top.isRoot() && !taken && !nested && open.size() < state.settings.bounds().groups();
  }

  /** All that {@code peer} had to tell was merged. */
  void marked(NodeId peer) {
    for (Gathering gathering : open.values()) {
      if (!gathering.whole && gathering.closedBy.contains(peer)) {
        gathering.whole = true;
        if (!isFile(gathering.top)) {
          gathering.waitUntil(state.steadyMillis + STAGING_MILLIS);
        }
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
      boolean within = path.isWithin(gathering.top) && records.isDirectoryHere(gathering.top);
      if (within || gathering.isFrom(path)) {
        boolean full = gathering.held.size() >= state.settings.bounds().groupMembers();
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
      if (gathering.placing.isEmpty() && !directory && !isFile(gathering.top)) {
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
            && gathering.from.map(this::isQuiet).orElse(true)
            && ((gathering.from.isEmpty() && !records.isDirectoryHere(gathering.top))
                || isQuiet(gathering.top));
    if (!ready || move(gathering)) {
      return;
    }
    if (isFile(gathering.top)) {
      letGo(gathering);
      return;
    }
    int others = open.values().stream().mapToInt(Gathering::members).sum() - gathering.members();
    int room = state.settings.bounds().groupMembers() - others;
    Optional<List<GroupMembers.Shown>> members = whole.of(gathering.top, room);
    if (members.isEmpty()) {
      letGo(gathering);
      return;
    }
    if (members.get().stream().allMatch(GroupMembers.Shown::isThere)) {
      letGo(gathering);
      return;
    }
    TreeMap<RelativePath, Event.Staged> stale = new TreeMap<>(gathering.staged);
    for (GroupMembers.Shown member : members.get()) {
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

  /** Whether all of it can be had by one rename of what is here, which begins then. */
  private boolean move(Gathering gathering) {
    Optional<List<Relocation.Moved>> moved =
        gathering.staged.isEmpty()
            ? gathering.from.flatMap(from -> relocation.of(from, gathering.top))
            : Optional.empty();
    if (moved.isEmpty()) {
      return false;
    }
    Map<RelativePath, Intent> placing = new LinkedHashMap<>();
    for (Relocation.Moved each : moved.get()) {
      Optional<Stamp> stamp = Optional.of(each.here().stamp());
      placing.put(
          each.path(), applies.intend(each.path(), each.shows(), Optional.empty(), stamp, ""));
    }
    for (Relocation.Moved each : moved.get()) {
      placing.put(
          each.before(),
          applies.intend(
              each.before(), each.goes(), Optional.of(each.here()), Optional.empty(), ""));
    }
    gathering.moving = true;
    place(gathering, placing);
    return true;
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
   * Half of what is put at once is left to all others, and of these nobody takes it from groups.
   */
  private boolean hasRoom() {
    int staging = open.values().stream().mapToInt(each -> each.staging.size()).sum();
    return paths.hasCapacity() && staging < Limits.SMALL_PUTS_IN_FLIGHT_MAX / 2;
  }

  private void stage(Gathering gathering) {
    if (state.steadyMillis < gathering.stageAtMillis) {
      return;
    }
    while (!gathering.wanted.isEmpty() && hasRoom()) {
      RelativePath path = gathering.wanted.getFirst();
      if (paths.isBusy(path)) {
        return;
      }
      gathering.wanted.removeFirst();
      Showing showing = records.showing(path);
      if (showing.target().entry().isPresent()) {
        paths.beginStaging(path, showing.target().entry());
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

  private void place(Gathering gathering, List<GroupMembers.Shown> members) {
    Map<RelativePath, Intent> placing = new LinkedHashMap<>();
    for (GroupMembers.Shown member : members) {
      RelativePath path = member.path();
      Optional<Event.Staged> staged = Optional.ofNullable(gathering.staged.remove(path));
      placing.put(
          path,
          applies.intend(
              path,
              member.showing(),
              member.here(),
              staged.map(Event.Staged::stamp),
              staged.map(Event.Staged::name).orElse("")));
    }
    place(gathering, placing);
  }

  private void place(Gathering gathering, Map<RelativePath, Intent> placing) {
    List<GroupMember> asked = new ArrayList<>();
    placing.forEach((path, intent) -> {
      asked.add(new GroupMember(path, intent));
      paths.begin(path, Paths.Busy.GROUPED);
    });
    gathering.placing = placing;
    Optional<RelativePath> from = gathering.moving ? gathering.from : Optional.empty();
    state.emit(new Effect.PlaceGroup(gathering.top, from, asked));
  }

  /**
   * Tells whether a directory was there before, or came as it was: all is to be looked at then. A
   * file that came is looked at by itself.
   */
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
        over(gathering.group);
        put.add(top);
        if (put.size() > state.settings.bounds().remembered(OVER_REMEMBERED_MAX)) {
          put.removeFirst();
        }
        // What is in a directory first: it wakes what waits for it.
        new TreeMap<>(placed.members())
            .descendingMap()
            .forEach((path, ended) -> {
              Intent intent = placing.get(path);
              if (intent != null) {
                applies.concluded(path, intent, ended, true);
                if (ended instanceof Outcome.MovedAway) {
                  // What was just being put below it went with it, and is told of afterwards.
                  paths.changing(path).forEach(paths::check);
                }
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
    if (intent != null && intent.target().entry() instanceof Entry.File) {
      paths.check(top);
      return false;
    }
    return gathering.moving || (intent != null && intent.expected().isPresent());
  }

  /** Has each path applied by itself, beginning with the directory. */
  private void letGo(Gathering gathering) {
    open.remove(gathering.top);
    over(gathering.group);
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
    if (open.isEmpty()) {
      return;
    }
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
