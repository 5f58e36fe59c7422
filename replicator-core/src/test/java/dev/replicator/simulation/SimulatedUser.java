package dev.replicator.simulation;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Whoever works on the disks: web servers, uploads, administrators. */
final class SimulatedUser {
  private static final List<String> NAMES =
      List.of("a", "b", "c", "d", "d/x", "d/y", "d/e", "d/e/z", "f", "f/x", "f/g", "f/g/y");
  private static final int FRESH = 8;
  private static final long HOLD_MILLIS_MAX = 4_000;

  private final SimulatedCluster cluster;
  private SplittableRandom random;
  private List<String> names = NAMES;
  private final Lineage lineage;

  /** The last few texts: the same plugin is installed on several nodes. */
  private final TreeMap<Integer, String> copied = new TreeMap<>();

  private int texts;

  /** Up to which number of 120 he deletes, makes directories and moves them in. */
  private int deletes = 53;

  private int makes = 58;
  private int moves = 63;

  /** Whether who holds a file open writes to it before he is about to close it. */
  private boolean writesUnclosed;

  /** How many things he did that changed or opened something. */
  private long done;

  private Hints hints;

  private final Modes modes = new Modes();
  private final UnseenActs unseen;

  SimulatedUser(SimulatedCluster cluster, Lineage lineage) {
    this.cluster = cluster;
    this.hints = Hints.ONCE;
    this.random = cluster.random();
    this.lineage = lineage;
    this.unseen = new UnseenActs(lineage);
  }

  /** From now on what he does is drawn from {@code other}. */
  void drawFrom(SplittableRandom other) {
    random = other;
  }

  /** From now on he works on few names only: each of them is written more often. */
  void keepTo(int count) {
    names = NAMES.subList(0, Math.min(count, NAMES.size()));
  }

  /** From now on he renames more than twice as often, and deletes and makes less for that. */
  void renameOften() {
    deletes = 44;
    makes = 47;
    moves = 49;
  }

  /** From now on who holds a file open writes to it before he is about to close it. */
  void writeUnclosed() {
    writesUnclosed = true;
  }

  /** From now on the watchers tell of what he does as {@code how} says. */
  void tellsBy(Hints how) {
    hints = how;
  }

  long done() {
    return done;
  }

  Modes modes() {
    return modes;
  }

  private void did(SimulatedNode node, String what) {
    lineage.actsOn(node.number);
    done++;
    cluster.note(node + what);
  }

  List<RelativePath> paths() {
    return names.stream().map(RelativePath::of).toList();
  }

  RelativePath anyPath() {
    return RelativePath.of(names.get(random.nextInt(names.size())));
  }

  String text(SimulatedNode node) {
    if (random.nextInt(FRESH) == 0 && !copied.isEmpty()) {
      return copied.getOrDefault(random.nextInt(copied.size()), "");
    }
    texts++;
    String text = node + "." + texts;
    copied.put(copied.size(), text);
    return text;
  }

  /** Does something at random. */
  void act(SimulatedNode node) {
    if (node.disk.root().isEmpty()) {
      return;
    }
    RelativePath path = anyPath();
    int dice = random.nextInt(120);
    if (dice < 38) {
      write(node, path, text(node));
    } else if (dice < deletes) {
      delete(node, path);
    } else if (dice < makes) {
      makeDirectory(node, path);
    } else if (dice < moves) {
      moveIn(node, path);
    } else if (dice < 73) {
      rename(node, path, anyPath());
    } else if (dice < 79) {
      touch(node, path);
    } else if (dice < 85) {
      changeMode(node, path, random.nextBoolean() ? 0640 : 0600);
    } else if (dice < 90) {
      link(node, path, text(node));
    } else if (dice >= 110) {
      holdOpen(node, path, text(node), random.nextLong(HOLD_MILLIS_MAX));
    } else if (dice >= 100) {
      hardLink(node, path, anyPath());
    } else {
      delete(node, path);
      if (random.nextBoolean()) {
        makeDirectory(node, path);
      } else {
        write(node, path, text(node));
      }
    }
  }

  private static Optional<String> textOf(Optional<Thing> thing) {
    return thing.filter(there -> there.type() == EntryType.FILE).map(Thing::text);
  }

  void write(SimulatedNode node, RelativePath path, String text) {
    Optional<Thing> before = node.disk.find(path);
    if (!node.disk.isDirectory(path.parent()) || node.disk.isDirectory(path)) {
      return;
    }
    Optional<Thing> file = before.filter(there -> there.type() == EntryType.FILE);
    if (file.isPresent() && (random.nextBoolean() || !mayUnlink(node, path))) {
      writeInPlace(node, path, text);
    } else {
      did(node, " user writes " + path + " " + text);
      lineage.wrote(path, text, textOf(before));
      create(node, path, EntryType.FILE, text);
      tell(node, path);
    }
  }

  private void create(SimulatedNode node, RelativePath path, EntryType type, String text) {
    node.disk.create(path, type, text, node.nowNanos());
    modes.made(node, path);
    hides(node, path, type);
  }

  /** What a rule leaves out tells nobody what became of the file in whose place it stands. */
  private void hides(SimulatedNode node, RelativePath path, EntryType type) {
    if (!node.rules.replicates(path, type)) {
      lineage.unclearAt(path);
    }
  }

  /** Through one name of the file, which alone is told. */
  void writeInPlace(SimulatedNode node, RelativePath path, String text) {
    change(node, path, text);
    tell(node, path);
  }

  private void change(SimulatedNode node, RelativePath path, String text) {
    Thing file = node.disk.find(path).orElseThrow();
    for (RelativePath name : node.disk.names(file)) {
      did(node, " user writes " + name + " in place " + text);
      lineage.wrote(name, text, Optional.of(file.text()));
      unseen.maybeUnclear(node, name);
    }
    node.disk.change(path, file.withText(text, node.nowNanos()));
  }

  /** Has a file open for a while, and writes to it before he closes it if it is still there. */
  private void holdOpen(SimulatedNode node, RelativePath path, String text, long millis) {
    if (!open(node, path)) {
      return;
    }
    long inode = node.disk.find(path).orElseThrow().inode();
    if (writesUnclosed) {
      writeWhileOpen(node, path, inode, text(node), millis);
    }
    cluster.schedule(
        millis,
        () -> {
          if (isHeld(node, path, inode)) {
            writeInPlace(node, path, text);
          }
          node.disk.written().remove(inode);
          if (node.disk.looks.closed(inode)) {
            node.disk.things().entrySet().stream()
                .filter(there -> there.getValue().inode() == inode)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(name -> tell(node, name));
          }
        });
  }

  private static boolean isHeld(SimulatedNode node, RelativePath path, long inode) {
    return node.disk.written().contains(inode)
        && node.disk.find(path).map(there -> there.inode() == inode).orElse(false);
  }

  /** Writes somewhere before {@code millis}; the watcher tells of what is at the path by then. */
  private void writeWhileOpen(
      SimulatedNode node, RelativePath path, long inode, String text, long millis) {
    long told = random.nextLong(HOLD_MILLIS_MAX);
    cluster.schedule(
        random.nextLong(millis + 1),
        () -> {
          if (isHeld(node, path, inode)) {
            change(node, path, text);
            cluster.schedule(told, () -> tellWritten(node, path));
          }
        });
  }

  void tellWritten(SimulatedNode node, RelativePath path) {
    node.disk
        .find(path)
        .filter(there -> there.type() == EntryType.FILE)
        .ifPresent(there -> hints.tell(node, new Event.Written(path, there.inode())));
  }

  /** Opens a file for writing; whether there is one. */
  boolean open(SimulatedNode node, RelativePath path) {
    Optional<Thing> file = node.disk.find(path).filter(there -> there.type() == EntryType.FILE);
    file.ifPresent(there -> {
      did(node, " user opens " + path);
      node.disk.written().add(there.inode());
    });
    return file.isPresent();
  }

  /** Closes what he opened, and the watcher tells. */
  void close(SimulatedNode node, RelativePath path) {
    did(node, " user closes " + path);
    node.disk.find(path).ifPresent(there -> node.disk.written().remove(there.inode()));
    tell(node, path);
  }

  /** As ln. */
  void hardLink(SimulatedNode node, RelativePath existing, RelativePath path) {
    Optional<Thing> file = node.disk.find(existing).filter(there -> there.type() == EntryType.FILE);
    boolean free = node.disk.isDirectory(path.parent()) && node.disk.find(path).isEmpty();
    if (file.isPresent() && free) {
      did(node, " user hard links " + existing + " to " + path);
      lineage.wrote(path, file.get().text(), Optional.empty());
      node.disk.link(existing, path, node.nowNanos());
      modes.gave(node, path);
      tell(node, path);
    }
  }

  /**
   * Whether a name may go. One that came and was not looked at yet may have been written through:
   * nobody ever learns which file that was.
   */
  private static boolean mayUnlink(SimulatedNode node, RelativePath path) {
    Optional<Thing> thing = node.disk.find(path).filter(there -> there.links() > 1);
    return thing.isEmpty()
        || !node.isUp()
        || node.journal()
            .materialised(path)
            .map(known -> known.stamp().inode() == thing.get().inode())
            .orElse(false);
  }

  void link(SimulatedNode node, RelativePath path, String text) {
    if (!node.disk.isDirectory(path.parent()) || node.disk.isDirectory(path)) {
      return;
    }
    if (!mayUnlink(node, path)) {
      return;
    }
    did(node, " user links " + path + " " + text);
    textOf(node.disk.find(path)).ifPresent(before -> lineage.deleted(path, before));
    node.disk.create(path, EntryType.SYMLINK, text, node.nowNanos());
    tell(node, path);
  }

  void makeDirectory(SimulatedNode node, RelativePath path) {
    if (!node.disk.isDirectory(path.parent()) || node.disk.find(path).isPresent()) {
      return;
    }
    did(node, " user makes " + path);
    create(node, path, EntryType.DIRECTORY, "");
    tell(node, path, new Event.ScopeSuspected(path, Cause.WATCH));
  }

  /** As rm -r, or the unlink of one file. */
  void delete(SimulatedNode node, RelativePath path) {
    List<RelativePath> gone =
        node.disk.things().keySet().stream().filter(there -> there.isWithin(path)).toList();
    if (!gone.stream().allMatch(each -> mayUnlink(node, each))) {
      return;
    }
    for (RelativePath each : gone.reversed()) {
      did(node, " user deletes " + each);
      textOf(node.disk.find(each)).ifPresent(before -> lineage.deleted(each, before));
      modes.goes(node, each);
      node.disk.remove(each, node.nowNanos());
      tell(node, each);
    }
  }

  /** What is in the root goes, and nobody tells: a scan finds it after {@code millis}. */
  void emptyRoot(SimulatedNode node, long millis) {
    List<RelativePath> all = List.copyOf(node.disk.things().keySet());
    if (!all.stream().allMatch(path -> mayUnlink(node, path))) {
      return;
    }
    did(node, " user empties the root");
    for (RelativePath path : all.reversed()) {
      textOf(node.disk.find(path)).ifPresent(before -> lineage.deleted(path, before));
      node.disk.remove(path, node.nowNanos());
      unseen.maybeUnclear(node, path);
    }
    cluster.schedule(
        millis, () -> node.watched(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN)));
  }

  /** Something of another type stands at the path. */
  void changeType(SimulatedNode node, RelativePath path) {
    Optional<EntryType> before = node.disk.find(path).map(Thing::type);
    delete(node, path);
    switch (before.orElse(EntryType.SYMLINK)) {
      case FILE -> makeDirectory(node, path);
      case DIRECTORY -> link(node, path, text(node));
      case SYMLINK -> write(node, path, text(node));
    }
  }

  void rename(SimulatedNode node, RelativePath source, RelativePath destination) {
    Optional<Thing> moving = node.disk.find(source);
    Optional<Thing> there = node.disk.find(destination);
    boolean possible =
        moving.isPresent()
            && !destination.isWithin(source)
            && !source.isWithin(destination)
            && node.disk.isDirectory(destination.parent())
            && there.map(Thing::inode).filter(moving.map(Thing::inode).get()::equals).isEmpty()
            && mayUnlink(node, destination)
            && (there.isEmpty()
                || (there.get().type() != EntryType.DIRECTORY
                    && moving.get().type() != EntryType.DIRECTORY));
    if (!possible) {
      return;
    }
    did(node, " user renames " + source + " to " + destination);
    Optional<String> over = textOf(there);
    boolean file = moving.get().type() == EntryType.FILE;
    over.filter(text -> !file).ifPresent(text -> lineage.deleted(destination, text));
    node.disk.things().entrySet().stream()
        .filter(entry -> entry.getKey().isWithin(source))
        .filter(entry -> entry.getValue().type() == EntryType.FILE)
        .forEach(entry -> {
          String tail = entry.getKey().toString().substring(source.length());
          String text = entry.getValue().text();
          lineage.deleted(entry.getKey(), text);
          lineage.wrote(RelativePath.of(destination + tail), text, over);
          unseen.maybeUnclear(node, entry.getKey(), entry.getValue());
          unseen.maybeAsIntended(node, RelativePath.of(destination + tail), entry.getValue());
        });
    boolean directory = moving.get().type() == EntryType.DIRECTORY;
    node.disk.things().keySet().stream()
        .filter(each -> each.isWithin(source))
        .forEach(each -> modes.goes(node, each));
    node.disk.rename(source, destination, node.nowNanos());
    modes.gave(node, destination);
    hides(node, destination, moving.get().type());
    tell(node, source);
    if (directory) {
      hints.tell(node, new Event.MovedIn(destination, Optional.of(source)));
    } else {
      tell(node, destination, new Event.Renamed(destination, source));
    }
  }

  /** A directory with everything that has a name below it, from outside of the root. */
  private void moveIn(SimulatedNode node, RelativePath top) {
    TreeMap<RelativePath, String> files = new TreeMap<>();
    NAMES.stream()
        .map(RelativePath::of)
        .filter(path -> path.isWithin(top) && !path.equals(top))
        .filter(path -> NAMES.stream().noneMatch(name -> name.startsWith(path + "/")))
        .forEach(path -> files.put(path, text(node)));
    if (node.disk.isDirectory(top.parent()) && node.disk.find(top).isEmpty()) {
      moveIn(node, top, files);
    }
  }

  /** As {@code mv} of a directory that was made outside of the root. */
  void moveIn(SimulatedNode node, RelativePath top, SortedMap<RelativePath, String> files) {
    did(node, " user moves in " + top);
    create(node, top, EntryType.DIRECTORY, "");
    files.forEach((path, text) -> {
      RelativePath above = path.parent();
      if (node.disk.find(above).isEmpty()) {
        create(node, above, EntryType.DIRECTORY, "");
      }
      lineage.wrote(path, text, Optional.empty());
      create(node, path, EntryType.FILE, text);
    });
    hints.tell(node, new Event.MovedIn(top, Optional.empty()));
  }

  void touch(SimulatedNode node, RelativePath path) {
    node.disk
        .find(path)
        .filter(there -> there.type() == EntryType.FILE)
        .ifPresent(there -> {
          did(node, " user touches " + path);
          unseen.maybeUnknown(node, path, there);
          long now = node.nowNanos();
          node.disk.change(path, there.withMtime(now, now));
          tell(node, path);
        });
  }

  void changeMode(SimulatedNode node, RelativePath path, int mode) {
    node.disk
        .find(path)
        .filter(there -> there.type() != EntryType.SYMLINK)
        .ifPresent(there -> {
          did(node, " user changes mode of " + path);
          unseen.maybeUnknown(node, path, there);
          var metadata = Thing.attributes(there.type(), modes.asked(path, mode));
          node.disk.change(path, there.withMetadata(metadata, node.nowNanos()));
          node.disk.names(there).forEach(name -> modes.gave(node, name));
          tell(node, path);
        });
  }

  private void tell(SimulatedNode node, RelativePath path) {
    tell(node, path, new Event.Suspected(path, Cause.WATCH, false));
  }

  /** The watcher tells, unless it lost its events and says so. */
  void tell(SimulatedNode node, RelativePath path, Event event) {
    unseen.maybeUnclear(node, path);
    if (node.faults().losesEvent()) {
      node.faults().missed(false);
      cluster.schedule(
          node.faults().rescanMillis(),
          () -> {
            node.faults().missed(true);
            node.watched(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
          });
    } else if (random.nextInt(60) == 0) {
      node.watched(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    } else {
      hints.tell(node, event);
    }
  }
}
