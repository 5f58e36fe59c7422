package dev.replicator.simulation;

import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.kernel.GroupOutcome;
import dev.replicator.kernel.Outcome;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Directories of a simulated disk that appear, or are replaced, with all that is in them, and what
 * is renamed.
 */
final class SimulatedGroups {
  private final SimulatedDisk disk;

  /** What was moved into a directory that waits in staging. */
  private final TreeMap<RelativePath, Thing> gathered = new TreeMap<>();

  SimulatedGroups(SimulatedDisk disk) {
    this.disk = disk;
  }

  void clear() {
    gathered.clear();
  }

  private static boolean isPut(GroupMember member) {
    return member.intent().target().entry().isPresent();
  }

  /** All that comes before the one step that everybody sees. */
  Optional<Problem> prepare(Effect.PlaceGroup it, long nowNanos) {
    return it.from()
        .map(from -> inspect(from, it.members()))
        .orElseGet(() -> gather(it.members(), nowNanos));
  }

  GroupOutcome place(Effect.PlaceGroup it, long nowNanos) {
    return it.from()
        .map(from -> move(from, it.top(), it.members(), nowNanos))
        .orElseGet(() -> arrive(it.members(), nowNanos));
  }

  /** Looks whether a directory holds just what is expected, before it gets another name. */
  private Optional<Problem> inspect(RelativePath from, List<GroupMember> members) {
    TreeMap<RelativePath, Thing> left = below(from);
    boolean refused = members.stream().anyMatch(member -> disk.isRefused(member.path()));
    boolean expected =
        members.stream()
            .filter(member -> !isPut(member))
            .allMatch(member -> {
              Thing thing = left.remove(member.path());
              return thing != null && member.intent().expected().map(thing::holds).orElse(false);
            });
    return refused || !expected || !left.isEmpty()
        ? Optional.of(new Problem(Problem.Kind.BUSY, "it is not as expected there"))
        : Optional.empty();
  }

  /** A rename that is about to take along whatever is there. */
  SimulatedCluster.Relocation relocation(RelativePath from, Effect.PlaceGroup it) {
    List<SimulatedCluster.Touched> touched = new ArrayList<>();
    for (GroupMember member : it.members()) {
      Optional<Thing> there = disk.find(member.path());
      if (!isPut(member)) {
        Entry before = member.intent().expected().orElseThrow().entry();
        RelativePath path = member.path().moved(from, it.top()).orElseThrow();
        if (!there.map(Thing::entry).equals(Optional.of(before))) {
          touched.add(new SimulatedCluster.Touched(path, there, before));
        }
      }
    }
    return new SimulatedCluster.Relocation(from, it.top(), touched);
  }

  /** Gives it that name, whatever somebody did to it meanwhile. */
  GroupOutcome move(RelativePath from, RelativePath top, List<GroupMember> members, long nowNanos) {
    boolean itself =
        members.stream()
            .filter(member -> member.path().equals(from))
            .anyMatch(member ->
                disk.find(from)
                    .map(there -> isSame(there, member.intent().expected().orElseThrow()))
                    .orElse(false));
    if (!itself || !disk.isDirectory(top.parent()) || disk.find(top).isPresent()) {
      return new GroupOutcome.NotPlaced(new Problem(Problem.Kind.BUSY, "not as expected"));
    }
    disk.rename(from, top, nowNanos);
    TreeMap<RelativePath, Outcome> ended = new TreeMap<>();
    for (GroupMember member : members) {
      if (!isPut(member)) {
        Materialised was = member.intent().expected().orElseThrow();
        ended.put(member.path(), new Outcome.MovedAway());
        ended.put(
            member.path().moved(from, top).orElseThrow(),
            new Outcome.Placed(was.stamp(), was.actual()));
      }
    }
    Thing moved = disk.at(top);
    if (moved.type() == EntryType.FILE) {
      ended.computeIfPresent(
          top,
          (path, ending) ->
              ending instanceof Outcome.Placed placed
                      && moved.stamp().equalsExceptCtime(placed.stamp())
                  ? new Outcome.Placed(moved.stamp(), placed.actual())
                  : ending);
    }
    return new GroupOutcome.Placed(ended);
  }

  private static boolean isSame(Thing there, Materialised was) {
    return there.type() == was.entry().type() && there.inode() == was.stamp().inode();
  }

  /** What the watcher tells of a directory that was put, or of what was renamed. */
  static Event echo(Effect.PlaceGroup it) {
    Entry top = it.members().getFirst().intent().target().entry();
    return it.from()
        .filter(from -> top instanceof Entry.File)
        .<Event>map(from -> new Event.Renamed(it.top(), from))
        .orElseGet(() -> new Event.MovedIn(it.top(), it.from()));
  }

  /** Moves what was staged below a directory into it while it waits; nobody sees that. */
  private Optional<Problem> gather(List<GroupMember> members, long nowNanos) {
    Optional<Problem> refusal =
        members.stream()
            .filter(member -> disk.isRefused(member.path()))
            .findFirst()
            .map(member -> Problem.of(Problem.Kind.NAME_TOO_LONG));
    for (GroupMember member : members) {
      boolean staged = disk.staged().contains(member.intent().stagedName());
      if (refusal.isEmpty() && isPut(member) && !staged) {
        refusal = Optional.of(new Problem(Problem.Kind.INPUT_OUTPUT, "nothing staged"));
      }
    }
    if (refusal.isEmpty()) {
      refusal = unexpected(members);
    }
    if (refusal.isEmpty()) {
      for (GroupMember member : members.subList(1, members.size())) {
        disk.takeStaged(member.intent().stagedName())
            .ifPresent(staged -> gathered.put(member.path(), staged.moved(nowNanos)));
      }
    }
    return refusal;
  }

  /** What is there and no member stays under its name: of directories that cannot be. */
  private Optional<Problem> unexpected(List<GroupMember> members) {
    Map<RelativePath, Intent> intents = new TreeMap<>();
    members.forEach(member -> intents.put(member.path(), member.intent()));
    RelativePath top = members.getFirst().path();
    for (GroupMember member : members) {
      if (member.intent().expected().isPresent() && disk.find(member.path()).isEmpty()) {
        return Optional.of(new Problem(Problem.Kind.BUSY, member.path() + " is missing"));
      }
    }
    for (Map.Entry<RelativePath, Thing> there : below(top).entrySet()) {
      Intent intent = intents.get(there.getKey());
      boolean expected =
          intent == null
              ? there.getValue().type() != EntryType.DIRECTORY
                  && staysDirectory(intents, there.getKey().parent())
              : intent.expected().map(there.getValue()::holds).orElse(false);
      if (!expected) {
        return Optional.of(new Problem(Problem.Kind.BUSY, there.getKey() + " is not as expected"));
      }
    }
    return Optional.empty();
  }

  private static boolean staysDirectory(Map<RelativePath, Intent> intents, RelativePath path) {
    Intent intent = intents.get(path);
    return intent != null && intent.target().entry().type() == EntryType.DIRECTORY;
  }

  /** A directory, when it is there, and all that is in it. */
  private TreeMap<RelativePath, Thing> below(RelativePath top) {
    TreeMap<RelativePath, Thing> below = new TreeMap<>();
    for (Map.Entry<RelativePath, Thing> entry : disk.things().tailMap(top, true).entrySet()) {
      if (entry.getKey().isWithin(top)) {
        below.put(entry.getKey(), entry.getValue());
      }
    }
    return below;
  }

  /** Gives a directory with what was gathered in it its name, or the place of another one. */
  private GroupOutcome arrive(List<GroupMember> members, long nowNanos) {
    GroupMember first = members.getFirst();
    RelativePath top = first.path();
    Optional<Thing> there = disk.find(top);
    boolean free =
        disk.isDirectory(top.parent())
            && (first.intent().expected().isPresent()
                ? there.map(thing -> thing.holds(first.intent().expected().get())).orElse(false)
                : there.isEmpty());
    Optional<Thing> staged = disk.takeStaged(first.intent().stagedName());
    TreeMap<RelativePath, Thing> arriving = new TreeMap<>(gathered);
    arriving.keySet().removeIf(path -> !path.isWithin(top));
    gathered.keySet().removeAll(arriving.keySet());
    if (staged.isEmpty() || !free) {
      return new GroupOutcome.NotPlaced(new Problem(Problem.Kind.BUSY, "not as expected"));
    }
    arriving.put(top, staged.get().moved(nowNanos));
    return replace(members, arriving, nowNanos);
  }

  private GroupOutcome replace(
      List<GroupMember> members, TreeMap<RelativePath, Thing> arriving, long nowNanos) {
    TreeMap<RelativePath, Thing> old = below(members.getFirst().path());
    TreeMap<RelativePath, Outcome> ended = new TreeMap<>();
    for (GroupMember member : members) {
      Thing fresh = arriving.get(member.path());
      Thing live = old.get(member.path());
      if (fresh != null && isDirectory(fresh) && live != null && isSurprise(member, live)) {
        old.remove(member.path());
        ended.put(member.path(), inPlaceOf(live, member, fresh, nowNanos));
      }
    }
    for (GroupMember member : members.reversed()) {
      RelativePath path = member.path();
      if (!ended.containsKey(path)) {
        Optional<Thing> live = Optional.ofNullable(old.remove(path));
        ended.put(path, put(member, live, Optional.ofNullable(arriving.get(path)), nowNanos));
      }
    }
    old.forEach((path, stays) -> {
      if (disk.isDirectory(path.parent())) {
        // Its second name became its only one.
        disk.change(path, stays.moved(nowNanos));
      }
    });
    return new GroupOutcome.Placed(ended);
  }

  private static boolean isDirectory(Thing thing) {
    return thing.type() == EntryType.DIRECTORY;
  }

  /** Whether somebody put it there in the last moment. */
  private static boolean isSurprise(GroupMember member, Thing live) {
    return !member.intent().expected().map(live::holds).orElse(false);
  }

  /** What the new version has in a directory stays: a file is a write beside it. */
  private Outcome inPlaceOf(Thing live, GroupMember member, Thing fresh, long nowNanos) {
    RelativePath path = member.path();
    if (isDirectory(live)) {
      disk.change(path, fresh);
      return new Outcome.Placed(fresh.stamp(), fresh.target());
    }
    if (live.type() == EntryType.FILE) {
      disk.keep(live.text());
    }
    disk.remove(path, nowNanos);
    disk.put(path, fresh);
    disk.displaced(path, live);
    return new Outcome.Overtaken(
        fresh.stamp(),
        fresh.target(),
        new Observation.Found(live.stamp(), live.target(), ChunkList.EMPTY));
  }

  private Outcome put(
      GroupMember member, Optional<Thing> live, Optional<Thing> fresh, long nowNanos) {
    RelativePath path = member.path();
    Intent intent = member.intent();
    boolean expected =
        live.isEmpty()
            || intent.expected().map(was -> disk.looks.holds(live.get(), was)).orElse(false);
    boolean isDirectory = live.map(thing -> thing.type() == EntryType.DIRECTORY).orElse(false);
    boolean holdsMore = isDirectory && fresh.isEmpty() && !disk.isEmptyBelow(path);
    if (holdsMore || (!expected && (isDirectory || intent.expected().isEmpty()))) {
      // Somebody put it there in the last moment, and it stays.
      return new Outcome.Unexpected();
    }
    live.filter(thing -> thing.type() == EntryType.FILE).ifPresent(old -> disk.keep(old.text()));
    if (live.isPresent()) {
      disk.remove(path, nowNanos);
    }
    boolean taken =
        live.isEmpty()
            && intent.expected().map(was -> !was.entry().equals(Entry.DIRECTORY)).orElse(false);
    if (!taken) {
      fresh.ifPresent(thing -> disk.put(path, thing));
    }
    if (taken) {
      // Somebody took it away in the last moment: nobody has what it held.
      return new Outcome.Unexpected();
    }
    if (expected) {
      return fresh
          .<Outcome>map(thing -> new Outcome.Placed(thing.stamp(), thing.target()))
          .orElseGet(Outcome.Removed::new);
    }
    Thing overtaken = live.get();
    disk.displaced(path, overtaken);
    Observation.Found displaced =
        new Observation.Found(overtaken.stamp(), overtaken.target(), ChunkList.EMPTY);
    return fresh
        .<Outcome>map(thing -> new Outcome.Overtaken(thing.stamp(), thing.target(), displaced))
        .orElseGet(() -> new Outcome.Overtaken(SimulatedDisk.NO_STAMP, Target.ABSENT, displaced));
  }
}
