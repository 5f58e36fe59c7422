package dev.replicator.simulation;

import dev.replicator.model.EntryType;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What the kernel dropped when a sync failed: it holds the file for written, so no later sync
 * writes it. While the machine runs whoever reads the file sees it still; afterwards it is empty.
 */
final class DroppedWrites {
  /** By inode: who writes a file anew, or something else into it, is not concerned. */
  private final Map<Long, String> texts = new HashMap<>();

  /** Of every other file it is so that was not written yet. */
  void drop(Collection<Thing> things, Collection<Thing> synced) {
    for (Thing thing : things) {
      boolean written =
          synced.stream()
              .anyMatch(it -> it.inode() == thing.inode() && it.text().equals(thing.text()));
      if (!written && thing.type() == EntryType.FILE && thing.inode() % 2 == 0) {
        texts.put(thing.inode(), thing.text());
      }
    }
  }

  /** What of it is on the disk, once a sync wrote all that it still knows of. */
  Thing left(Thing thing) {
    return thing.text().equals(texts.get(thing.inode())) ? thing.emptied() : thing;
  }

  void clear() {
    texts.clear();
  }
}
