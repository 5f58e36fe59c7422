package dev.replicator.simulation;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Numbers for what is made. A directory that is made where one was just removed gets that one's
 * number again, as most file systems have it.
 */
final class Inodes {
  private final TreeMap<RelativePath, Long> freed = new TreeMap<>();
  private long last = 100;

  long next() {
    last++;
    return last;
  }

  /** What the power brought back has its number still. */
  long next(RelativePath path, EntryType type, Collection<Thing> present) {
    Optional<Long> again =
        type == EntryType.DIRECTORY ? Optional.ofNullable(freed.remove(path)) : Optional.empty();
    return again
        .filter(number -> present.stream().noneMatch(thing -> thing.inode() == number))
        .orElseGet(this::next);
  }

  void removed(RelativePath path, Thing gone) {
    if (gone.type() == EntryType.DIRECTORY) {
      freed.put(path, gone.inode());
    }
  }
}
