package dev.replicator.simulation;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * The power fails: of each path that changed since the last sync the old state is left, the new
 * one, or the new one without its data. Data that was synced stays, whatever else of its file
 * changed since: its name, mode, owner or time; and a rename leaves the old name or the new one, as
 * a journal of a file system has both or neither.
 *
 * @param synced what was there at the last sync
 * @param things what is there
 */
record PowerCut(
    NavigableMap<RelativePath, Thing> synced,
    NavigableMap<RelativePath, Thing> things,
    Inodes inodes) {
  TreeMap<RelativePath, Thing> left(RandomGenerator random) {
    TreeSet<RelativePath> paths = new TreeSet<>(things.keySet());
    paths.addAll(synced.keySet());
    TreeMap<RelativePath, Optional<Thing>> chosen = new TreeMap<>();
    paths.forEach(path -> chosen.put(path, chosen(path, random)));
    TreeMap<RelativePath, Thing> left = placed(chosen);
    for (Optional<RelativePath> lost = lostName(left); lost.isPresent(); lost = lostName(left)) {
      for (RelativePath path = lost.get(); !path.isRoot(); path = path.parent()) {
        chosen.put(path, Optional.ofNullable(things.get(path)));
      }
      left = placed(chosen);
    }
    return left;
  }

  private Optional<Thing> chosen(RelativePath path, RandomGenerator random) {
    Optional<Thing> fresh = Optional.ofNullable(things.get(path));
    Optional<Thing> old = Optional.ofNullable(synced.get(path));
    if (fresh.equals(old)) {
      return fresh;
    }
    int dice = random.nextInt(9);
    return dice < 3 ? old : dice < 5 ? fresh.map(this::withoutUnsynced) : fresh;
  }

  /** Those whose directories are there. */
  private TreeMap<RelativePath, Thing> placed(TreeMap<RelativePath, Optional<Thing>> chosen) {
    TreeMap<RelativePath, Thing> left = new TreeMap<>();
    chosen.forEach((path, each) -> {
      boolean placed =
          path.parent().isRoot()
              || Optional.ofNullable(left.get(path.parent()))
                  .filter(parent -> parent.type() == EntryType.DIRECTORY)
                  .isPresent();
      each.filter(thing -> placed)
          .ifPresent(thing -> left.put(path, isTwice(thing, left) ? copy(thing) : thing));
    });
    return left;
  }

  /** Of a file that was synced and only renamed since, when neither name is left. */
  private Optional<RelativePath> lostName(TreeMap<RelativePath, Thing> left) {
    return things.entrySet().stream()
        .filter(entry -> entry.getValue().type() == EntryType.FILE && isSynced(entry.getValue()))
        .filter(entry ->
            left.values().stream().noneMatch(thing -> thing.inode() == entry.getValue().inode()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private boolean isSynced(Thing thing) {
    return synced.values().stream()
        .filter(before -> before.inode() == thing.inode())
        .anyMatch(before -> before.text().equals(thing.text()));
  }

  private Thing withoutUnsynced(Thing thing) {
    return isSynced(thing) ? thing : thing.emptied();
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
