package dev.replicator.linux;

import dev.replicator.linux.WatchTree.Directory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Watched directories by their number in the second instance: 8 to 16 bytes for each. */
final class WatchNumbers {
  private static final int SLOTS_MIN = 64;

  private @Nullable Directory[] slots = new @Nullable Directory[SLOTS_MIN];
  private int size;

  int size() {
    return size;
  }

  @Nullable Directory find(int number) {
    int at = slot(number);
    @Nullable Directory found = slots[at];
    while (found != null && found.writes != number) {
      at = next(at);
      found = slots[at];
    }
    return found;
  }

  void put(Directory directory) {
    if (2 * (size + 1) > slots.length) {
      @Nullable Directory[] before = slots;
      slots = new @Nullable Directory[2 * before.length];
      for (@Nullable Directory moved : before) {
        if (moved != null) {
          place(moved);
        }
      }
    }
    place(directory);
    size++;
  }

  private void place(Directory directory) {
    int at = slot(directory.writes);
    while (slots[at] != null) {
      at = next(at);
    }
    slots[at] = directory;
  }

  void remove(Directory directory) {
    int at = slot(directory.writes);
    while (slots[at] != null && slots[at] != directory) {
      at = next(at);
    }
    if (slots[at] == null) {
      return;
    }
    slots[at] = null;
    size--;
    // What was put behind it for want of a place may have one now.
    at = next(at);
    @Nullable Directory behind = slots[at];
    while (behind != null) {
      slots[at] = null;
      place(behind);
      at = next(at);
      behind = slots[at];
    }
  }

  /** Nobody has a number any more. */
  void clear() {
    for (@Nullable Directory directory : slots) {
      if (directory != null) {
        directory.writes = -1;
      }
    }
    Arrays.fill(slots, null);
    size = 0;
  }

  private int slot(int number) {
    return number & (slots.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }
}
