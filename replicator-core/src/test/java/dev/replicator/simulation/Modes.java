package dev.replicator.simulation;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which modes users gave to what is at a path: no node may end with one that lets in somebody whom
 * none of them does.
 */
final class Modes {
  private static final int OWNERS = 0700;

  /** Of a directory that is there for what is in it: who keeps his own to himself tells no mode. */
  private static final int USUAL = 0755;

  private final TreeMap<RelativePath, TreeMap<EntryType, TreeSet<Integer>>> given = new TreeMap<>();
  private TreeSet<RelativePath> kept = new TreeSet<>();

  /** From now on whatever users make under these names is for its owner alone. */
  void keepPrivate(TreeSet<RelativePath> names) {
    kept = names;
  }

  /** What somebody asks for {@code path}, or who makes it gets. */
  int asked(RelativePath path, int mode) {
    return kept.contains(path) ? mode & OWNERS : mode;
  }

  /** Somebody just made what is at {@code path}. */
  void made(SimulatedNode node, RelativePath path) {
    Thing made = node.disk.at(path);
    if (made.type() != EntryType.SYMLINK && kept.contains(path)) {
      int mode = asked(path, made.metadata().mode());
      node.disk.put(path, made.withMetadata(Thing.attributes(made.type(), mode), node.nowNanos()));
    }
    gave(node, path);
  }

  /** Somebody is the author of the mode that each of these has: of a name, or of what is below. */
  void gave(SimulatedNode node, RelativePath top) {
    node.disk
        .things()
        .tailMap(top, true)
        .forEach((path, thing) -> {
          if (path.isWithin(top)) {
            modes(path, thing.type()).add(thing.metadata().mode());
          }
          if (path.isWithin(top) && !node.rules.replicates(path, thing.type())) {
            untold(path, thing.type());
          }
        });
  }

  /**
   * Somebody is about to delete it, or to move it away. Of a directory that its node could not look
   * at before that, no journal tells the mode; it may be there again for what was in it, of which
   * one does.
   */
  void goes(SimulatedNode node, RelativePath path) {
    Thing going = node.disk.at(path);
    boolean seen =
        node.journal()
            .materialised(path)
            .filter(known -> known.stamp().inode() == going.inode())
            .isPresent();
    if (going.type() == EntryType.DIRECTORY && !seen) {
      untold(path, EntryType.DIRECTORY);
    }
  }

  /** Nobody need know this one: it was lost, or is kept to a node, before it was told. */
  void untold(RelativePath path, EntryType type) {
    modes(path, type).add(USUAL);
  }

  private TreeSet<Integer> modes(RelativePath path, EntryType type) {
    return given
        .computeIfAbsent(path, key -> new TreeMap<>())
        .computeIfAbsent(type, key -> new TreeSet<>());
  }

  /** A node renamed a directory as another one had, and whatever was in it came along. */
  void tookAlong(RelativePath from, RelativePath to) {
    new TreeMap<>(given)
        .forEach((path, types) -> {
          if (path.isWithin(from)) {
            RelativePath moved = path.moved(from, to).orElseThrow();
            types.forEach((type, modes) -> modes(moved, type).addAll(modes));
          }
        });
  }

  /** What somebody can do on {@code node} whom no mode lets who was given to it. */
  List<String> opened(SimulatedNode node) {
    List<String> opened = new ArrayList<>();
    node.disk
        .things()
        .forEach((path, thing) -> {
          TreeSet<Integer> modes = modes(path, thing.type());
          int mode = thing.metadata().mode();
          boolean within = modes.stream().anyMatch(given -> (mode & ~given) == 0);
          if (thing.type() != EntryType.SYMLINK && !modes.isEmpty() && !within) {
            opened.add(path + " with mode 0" + Integer.toOctalString(mode));
          }
        });
    return opened;
  }
}
