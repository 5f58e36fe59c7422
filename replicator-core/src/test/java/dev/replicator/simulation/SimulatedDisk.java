package dev.replicator.simulation;

import dev.replicator.kernel.Event;
import dev.replicator.kernel.GroupOutcome;
import dev.replicator.kernel.Outcome;
import dev.replicator.kernel.Settled;
import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** The tree, staging directory and vault of one simulated node. */
final class SimulatedDisk {
  static final Stamp NO_STAMP = new Stamp(0, 0, 0, 0, 0, 0, 0, 0, 0);
  private static final long DEVICE = 1;

  private NavigableMap<RelativePath, Thing> things = new TreeMap<>();
  private NavigableMap<RelativePath, Thing> synced = new TreeMap<>();

  private final DroppedWrites dropped = new DroppedWrites();

  private final TreeMap<String, Thing> staging = new TreeMap<>();
  private final TreeMap<Digest, String> vault = new TreeMap<>();
  private final TreeSet<RelativePath> refused = new TreeSet<>();
  private final TreeSet<RelativePath> unreadable = new TreeSet<>();
  private final TreeMap<RelativePath, Thing> displacements = new TreeMap<>();

  /** Files that somebody has open for writing, by inode. */
  private final TreeSet<Long> written = new TreeSet<>();

  final SimulatedLooks looks = new SimulatedLooks(this);

  private final SimulatedGroups groups = new SimulatedGroups(this);

  private final Inodes inodes = new Inodes();
  private RootIdentity root = new RootIdentity(DEVICE, 2, "");
  private boolean mounted = true;
  boolean blind;

  /** It tells that it synced, and did not. */
  boolean lying;

  NavigableMap<RelativePath, Thing> things() {
    return things;
  }

  Optional<Thing> find(RelativePath path) {
    return Optional.ofNullable(things.get(path));
  }

  Thing at(RelativePath path) {
    return find(path).orElseThrow();
  }

  boolean isDirectory(RelativePath path) {
    return path.isRoot()
        || find(path).map(thing -> thing.type() == EntryType.DIRECTORY).orElse(false);
  }

  boolean isEmptyBelow(RelativePath path) {
    RelativePath next = things.higherKey(path.child(new byte[] {'!'}));
    return next == null || !next.isWithin(path);
  }

  Optional<RootIdentity> root() {
    return mounted ? Optional.of(root) : Optional.empty();
  }

  boolean isItself(RootIdentity pinned) {
    return mounted && root.inode() == pinned.inode();
  }

  void mark(RootIdentity accepted) {
    if (mounted) {
      String marker = root.marker().isEmpty() ? accepted.marker() : root.marker();
      root = root.withMarker(marker).withEpoch(accepted.epoch());
    }
  }

  void unmount() {
    mounted = false;
  }

  void mount() {
    mounted = true;
  }

  /** Another, empty directory stands where the root was. */
  void replaceRoot() {
    root = new RootIdentity(DEVICE, inodes.next(), "");
    things = new TreeMap<>();
    synced = new TreeMap<>();
  }

  Thing create(RelativePath path, EntryType type, String text, long nowNanos) {
    int mode = type == EntryType.DIRECTORY ? 0755 : 0644;
    Attributes metadata = Thing.attributes(type, mode);
    remove(path, nowNanos);
    long inode = inodes.next(path, type, things.values());
    Thing made = new Thing(inode, type, text, nowNanos, nowNanos, metadata, 1);
    things.put(path, made);
    return made;
  }

  /** As it was elsewhere, or before. */
  void put(RelativePath path, Thing thing) {
    things.put(path, thing);
  }

  void remove(RelativePath path) {
    things.remove(path);
  }

  /** What is at {@code path} changes in place, under all its names. */
  void change(RelativePath path, Thing changed) {
    names(at(path)).forEach(name -> things.put(name, changed));
  }

  /** All names of what is at one. */
  List<RelativePath> names(Thing thing) {
    return things.entrySet().stream()
        .filter(entry -> entry.getValue().inode() == thing.inode())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Gives the file at {@code existing} another name. */
  void link(RelativePath existing, RelativePath path, long nowNanos) {
    Thing thing = at(existing);
    things.put(path, thing);
    recount(thing, nowNanos);
  }

  private void recount(Thing thing, long nowNanos) {
    List<RelativePath> names = names(thing);
    names.forEach(name -> things.put(name, thing.withLinks(names.size(), nowNanos)));
  }

  void remove(RelativePath path, long nowNanos) {
    Thing gone = things.remove(path);
    if (gone != null) {
      inodes.removed(path, gone);
      recount(gone, nowNanos);
    }
  }

  /** Moves {@code source} with all that is below it, over whatever file is at the other name. */
  void rename(RelativePath source, RelativePath destination, long nowNanos) {
    TreeMap<RelativePath, Thing> moved = new TreeMap<>();
    for (Map.Entry<RelativePath, Thing> entry : new TreeMap<>(things).entrySet()) {
      if (entry.getKey().isWithin(source)) {
        things.remove(entry.getKey());
        moved.put(rebased(entry.getKey(), source, destination), entry.getValue());
      }
    }
    remove(destination, nowNanos);
    things.putAll(moved);
    change(destination, at(destination).moved(nowNanos));
  }

  private static RelativePath rebased(
      RelativePath path, RelativePath source, RelativePath destination) {
    String tail = path.toString().substring(source.length());
    return RelativePath.of(destination + tail);
  }

  /** The content of {@code file} at {@code path} or in the vault. */
  Optional<String> content(RelativePath path, Entry.File file) {
    if (file.size() == 0) {
      return Optional.of("");
    }
    return find(path)
        .filter(thing -> thing.entry().equals(file))
        .map(Thing::text)
        .or(() -> Optional.ofNullable(vault.get(file.digest())));
  }

  void keep(String content) {
    vault.put(Thing.digest(content), content);
  }

  boolean isKept(Digest digest) {
    return vault.containsKey(digest);
  }

  NavigableMap<Digest, String> vault() {
    return vault;
  }

  /** Puts the target into staging. */
  Stamp stage(String name, Target target, String text, long nowNanos) {
    Thing staged =
        new Thing(
            inodes.next(),
            target.entry().type(),
            text,
            target.entry().type().isTimed() ? nanos(target) : nowNanos,
            nowNanos,
            enforced(target.attributes()),
            1);
    staging.put(name, staged);
    return staged.stamp();
  }

  private static Attributes enforced(Attributes asked) {
    return Thing.attributes(asked.type(), asked.mode());
  }

  private static long nanos(Target target) {
    return target.mtime().getEpochSecond() * 1_000_000_000L + target.mtime().getNano();
  }

  /** Directories that nobody can list. */
  TreeSet<RelativePath> unreadable() {
    return unreadable;
  }

  /** From now on nothing can be put at {@code path}. */
  void refuse(RelativePath path) {
    refused.add(path);
  }

  void accept(RelativePath path) {
    refused.remove(path);
  }

  void discard(String name) {
    staging.remove(name);
  }

  /**
   * Brings an intent about; {@code late} when the last check before is passed whatever is there.
   */
  Outcome exchange(RelativePath path, Intent intent, boolean late, long nowNanos) {
    Optional<Thing> live = find(path);
    Optional<Materialised> expected = intent.expected().filter(m -> m.entry().isPresent());
    if (refused.contains(path)) {
      return new Outcome.Failed(Problem.of(Problem.Kind.NAME_TOO_LONG));
    }
    if (!isDirectory(path.parent())) {
      return obstructed("no directory");
    }
    boolean holds =
        live.isPresent()
            ? expected.map(m -> blind || live.get().holds(m)).orElse(false)
            : expected.isEmpty();
    boolean target = intent.target().entry().isPresent();
    if (live.isEmpty() || expected.isEmpty()) {
      if (!holds) {
        return new Outcome.Unexpected();
      }
      return target ? place(path, intent, nowNanos) : new Outcome.Removed();
    }
    boolean directory = live.get().type() == EntryType.DIRECTORY;
    if (!holds && (!late || directory || live.get().type() == EntryType.SYMLINK)) {
      return new Outcome.Unexpected();
    }
    boolean metadata = intent.target().entry().equals(expected.get().entry());
    if (metadata && intent.stagedName().isEmpty()) {
      return holds ? touch(path, live.get(), intent, nowNanos) : new Outcome.Unexpected();
    }
    if (directory && !isEmptyBelow(path)) {
      return obstructed("directory not empty");
    }
    boolean seen = holds && (blind || looks.holds(live.get(), expected.get()));
    return replace(path, intent, live.get(), seen, nowNanos);
  }

  boolean isBeingWritten(RelativePath path) {
    return find(path).map(thing -> written.contains(thing.inode())).orElse(false);
  }

  TreeSet<Long> written() {
    return written;
  }

  SimulatedGroups groups() {
    return groups;
  }

  boolean isRefused(RelativePath path) {
    return refused.contains(path);
  }

  Optional<Thing> takeStaged(String name) {
    return Optional.ofNullable(staging.remove(name));
  }

  /** A local write that gave way, of which the journal may not know. */
  void displaced(RelativePath path, Thing thing) {
    displacements.put(path, thing);
  }

  private static Outcome obstructed(String detail) {
    return new Outcome.Failed(new Problem(Problem.Kind.OBSTRUCTED, detail));
  }

  private Outcome place(RelativePath path, Intent intent, long nowNanos) {
    Thing staged = staging.remove(intent.stagedName());
    if (staged == null) {
      return new Outcome.Failed(new Problem(Problem.Kind.INPUT_OUTPUT, "nothing staged"));
    }
    Thing placed = staged.moved(nowNanos);
    things.put(path, placed);
    return new Outcome.Placed(placed.stamp(), placed.target());
  }

  private Outcome touch(RelativePath path, Thing live, Intent intent, long nowNanos) {
    Target target = intent.target();
    Thing touched = live.withMetadata(enforced(target.attributes()), nowNanos);
    if (live.type().isTimed()) {
      touched = touched.withMtime(nanos(target), nowNanos);
    }
    if (live.links() > 1) {
      touched = touched.copied(inodes.next());
    }
    remove(path, nowNanos);
    things.put(path, touched);
    looks.touched(live, touched);
    return new Outcome.Placed(touched.stamp(), unread(target, touched));
  }

  private Outcome replace(
      RelativePath path, Intent intent, Thing live, boolean holds, long nowNanos) {
    if (live.type() == EntryType.FILE) {
      keep(live.text());
    }
    remove(path, nowNanos);
    boolean target = intent.target().entry().isPresent();
    Outcome outcome = target ? place(path, intent, nowNanos) : new Outcome.Removed();
    if (outcome instanceof Outcome.Failed) {
      things.put(path, live);
      recount(live, nowNanos);
      return outcome;
    }
    if (holds) {
      return outcome;
    }
    displacements.put(path, live);
    Observation.Found displaced =
        new Observation.Found(live.stamp(), live.target(), ChunkList.EMPTY);
    return outcome instanceof Outcome.Placed placed
        ? new Outcome.Overtaken(placed.stamp(), placed.actual(), displaced)
        : new Outcome.Overtaken(NO_STAMP, Target.ABSENT, displaced);
  }

  /** Tells how an intent that was open at a crash ended. */
  Settled settle(RelativePath path, Intent intent) {
    Thing displaced = displacements.get(path);
    Settled found = settleTarget(path, intent);
    Settled settled =
        found instanceof Settled.Unclear && displaced != null && FakeSettlement.displaces(intent)
            ? new Settled.Applied(path, intent, intent.staged().orElse(NO_STAMP), intent.target())
            : found;
    if (displaced != null && settled instanceof Settled.Applied applied) {
      return new Settled.Overtaken(
          path,
          intent,
          applied.stamp(),
          applied.actual(),
          new Observation.Found(displaced.stamp(), displaced.target(), ChunkList.EMPTY));
    }
    return settled;
  }

  /** Local writes that were displaced and of which the journal may not know. */
  NavigableMap<RelativePath, Thing> displacements() {
    return displacements;
  }

  /** The journal knows of what gave way: until then it waits in staging, and is found there. */
  void journaled(Event event) {
    switch (event) {
      case Event.Together together -> together.events().forEach(this::journaled);
      case Event.Exchanged ended -> displacements.remove(ended.path());
      case Event.GroupPlaced(RelativePath _, GroupOutcome.Placed placed) ->
          placed.members().keySet().forEach(displacements::remove);
      default -> {}
    }
  }

  /** What an exchange displaced goes with the exchange, or with its intent: the power undid it. */
  void forgetDisplacements(Map<RelativePath, Intent> intents) {
    displacements.keySet().retainAll(intents.keySet());
    intents.forEach((path, intent) -> {
      if (!(settle(path, intent) instanceof Settled.Overtaken)) {
        displacements.remove(path);
      }
    });
  }

  private Settled settleTarget(RelativePath path, Intent intent) {
    Optional<Thing> live = isDirectory(path.parent()) ? find(path) : Optional.empty();
    Optional<Materialised> expected = intent.expected().filter(m -> m.entry().isPresent());
    boolean waits = staging.containsKey(intent.stagedName());
    if (live.isEmpty()) {
      if (!intent.target().entry().isPresent()) {
        return new Settled.Applied(path, intent, NO_STAMP, Target.ABSENT);
      }
      return waits && !FakeSettlement.isAcrossKinds(intent, expected)
          ? new Settled.NotApplied(path, intent)
          : new Settled.Unclear(path, intent);
    }
    Thing thing = live.get();
    boolean staged = intent.staged().map(s -> s.inode() == thing.inode()).orElse(false);
    if (staged) {
      Stamp stamp = intent.staged().get();
      boolean untouched =
          thing.type() == EntryType.DIRECTORY
              ? thing.stamp().equalsExceptContent(stamp)
              : thing.stamp().equalsExceptCtime(stamp);
      Target actual = untouched ? unread(intent.target(), thing) : intent.target();
      return new Settled.Applied(path, intent, untouched ? thing.stamp() : stamp, actual);
    }
    if (waits || expected.map(thing::holds).orElse(false)) {
      return new Settled.NotApplied(path, intent);
    }
    return new Settled.Unclear(path, intent);
  }

  /** Nobody reads it to tell how an intent ended. */
  private static Target unread(Target asked, Thing there) {
    Target actual = there.target();
    return new Target(asked.entry(), actual.mtime(), actual.attributes());
  }

  NavigableSet<String> staged() {
    return staging.navigableKeySet();
  }

  void clearStaging(Set<String> names) {
    displacements.clear();
    groups.clear();
    staging.keySet().removeAll(names);
  }

  void sync() {
    if (!lying) {
      synced = new TreeMap<>(things);
      synced.replaceAll((path, thing) -> dropped.left(thing));
    }
  }

  /** Whether a power cut leaves it, under whatever name; of a disk that lies nobody knows. */
  boolean isSynced(Entry.File file) {
    return lying || synced.values().stream().anyMatch(thing -> thing.entry().equals(file));
  }

  void failSync() {
    dropped.drop(things.values(), synced.values());
  }

  /** The machine is started anew. */
  void forgetUnwritten() {
    things.replaceAll((path, thing) -> dropped.left(thing));
    synced.replaceAll((path, thing) -> dropped.left(thing));
    dropped.clear();
  }

  /** Whatever is left of a file is the same under all its names. */
  private void agree(Thing thing) {
    List<RelativePath> names = names(thing);
    Thing first = at(names.getFirst());
    change(names.getFirst(), first.withLinks(names.size(), first.ctimeNanos()));
  }

  void cutPower(RandomGenerator random) {
    things = new PowerCut(synced, things, inodes).left(random);
    written.clear();
    List.copyOf(things.values()).forEach(this::agree);
    synced = new TreeMap<>(things);
    staging.values().removeIf(staged -> random.nextBoolean());
  }
}
