package dev.replicator.simulation;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * The power fails: of each path that changed since the last sync the old state is left, the new
 * one, or the new one without its data. Data that was synced stays, whatever else of its file
 * changed since: its name, mode, owner or time.
 *
 * @param synced what was there at the last sync
 * @param things what is there
 */
record PowerCut(
    NavigableMap<RelativePath, Thing> synced,
    NavigableMap<RelativePath, Thing> things,
    Inodes inodes) {
  TreeMap<RelativePath, Thing> left(RandomGenerator random) {
    TreeMap<RelativePath, Thing> left = new TreeMap<>();
    TreeSet<RelativePath> paths = new TreeSet<>(things.keySet());
    paths.addAll(synced.keySet());
    for (RelativePath path : paths) {
      Optional<Thing> fresh = Optional.ofNullable(things.get(path));
      Optional<Thing> old = Optional.ofNullable(synced.get(path));
      Optional<Thing> chosen = fresh;
      if (!fresh.equals(old)) {
        int dice = random.nextInt(9);
        chosen = dice < 3 ? old : dice < 5 ? fresh.map(this::withoutUnsynced) : fresh;
      }
      boolean placed =
          path.parent().isRoot()
              || Optional.ofNullable(left.get(path.parent()))
                  .filter(parent -> parent.type() == EntryType.DIRECTORY)
                  .isPresent();
      chosen
          .filter(thing -> placed)
          .ifPresent(thing -> left.put(path, isTwice(thing, left) ? copy(thing) : thing));
    }
    return left;
  }

  private Thing withoutUnsynced(Thing thing) {
    boolean saved =
        synced.values().stream()
            .filter(before -> before.inode() == thing.inode())
            .anyMatch(before -> before.text().equals(thing.text()));
    return saved ? thing : thing.emptied();
  }

  /** Under the old name and under the new one: of a directory no file system leaves that. */
  private static boolean isTwice(Thing thing, TreeMap<RelativePath, Thing> left) {
    return thing.type() == EntryType.DIRECTORY
        && left.values().stream().anyMatch(other -> other.inode() == thing.inode());
  }

  private Thing copy(Thing thing) {
    return thing.copied(inodes.next());
  }
}
