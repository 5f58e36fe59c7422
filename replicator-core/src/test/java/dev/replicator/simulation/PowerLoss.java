package dev.replicator.simulation;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What is left of a disk after the power went. As on a journaling file system, names are as they
 * were at some moment since the last sync; the content and metadata of a file that was not synced
 * itself may be the old, the new, or the beginning of the new, whatever its name.
 */
public final class PowerLoss {
  private PowerLoss() {}

  public static void strike(FakeDisk disk, RandomGenerator random) {
    undoNames(disk.unsynced(), random);
    Set<Inode> left = new LinkedHashSet<>();
    disk.root().ifPresent(top -> collect(top, left));
    collect(disk.staging(), left);
    left.forEach(inode -> inode.links = 0);
    for (Inode inode : left) {
      inode.children.values().forEach(child -> child.links++);
      settle(inode, random);
    }
    disk.saveAll();
  }

  private static void undoNames(List<FakeDisk.NameChange> unsynced, RandomGenerator random) {
    if (unsynced.isEmpty()) {
      return;
    }
    long first = unsynced.getFirst().group();
    long last = unsynced.getLast().group();
    long lost = random.nextLong(first, last + 2);
    for (FakeDisk.NameChange change : unsynced.reversed()) {
      if (change.group() >= lost) {
        change.undo();
      }
    }
  }

  private static void collect(Inode inode, Set<Inode> left) {
    if (left.add(inode)) {
      inode.children.values().forEach(child -> collect(child, left));
    }
  }

  private static void settle(Inode inode, RandomGenerator random) {
    Optional<Inode.State> saved = inode.durable;
    if (saved.isPresent() && random.nextBoolean()) {
      inode.set(saved.get());
    } else if (!isSaved(inode) && random.nextBoolean()) {
      inode.content = Arrays.copyOf(inode.content, random.nextInt(inode.content.length + 1));
    }
  }

  private static boolean isSaved(Inode inode) {
    return inode.kind != Inode.Kind.FILE
        || (inode.durable.isPresent()
            && Arrays.equals(inode.durable.get().content(), inode.content));
  }
}
