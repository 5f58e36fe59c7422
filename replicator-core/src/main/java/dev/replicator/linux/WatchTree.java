package dev.replicator.linux;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * About 90 bytes for each directory: chains through the nodes instead of maps of boxed numbers.
 * A node stands for one directory on disk, whatever its name, and knows its children by their
 * names; so a move of a directory costs one change here however much is below it.
 */

/** The watched directories by the number of their watch, and by their place. */
final class WatchTree {
  private static final int BUCKETS_MIN = 64;

  private @Nullable Directory[] byWatch = new @Nullable Directory[BUCKETS_MIN];
  private @Nullable Directory[] byPlace = new @Nullable Directory[BUCKETS_MIN];
  private final Directory root;
  private int size;

  /** One watched directory. Detached ones have no parent: nobody knows where they are. */
  static final class Directory {
    final int watch;

    /** The walk that saw it last. */
    int walk;

    private byte[] name;
    private @Nullable Directory parent;
    private @Nullable Directory sameWatchBucket;
    private @Nullable Directory samePlaceBucket;
    private @Nullable Directory firstChild;
    private @Nullable Directory nextSibling;
    private @Nullable Directory previousSibling;

    private Directory(int watch, byte[] name) {
      this.watch = watch;
      this.name = name;
    }
  }

  WatchTree(int rootWatch) {
    root = new Directory(rootWatch, new byte[0]);
    register(root);
  }

  Directory root() {
    return root;
  }

  /** How many directories are watched. */
  int size() {
    return size;
  }

  Optional<Directory> directory(int watch) {
    @Nullable Directory at = byWatch[watchBucket(watch)];
    while (at != null && at.watch != watch) {
      at = at.sameWatchBucket;
    }
    return Optional.ofNullable(at);
  }

  Optional<Directory> child(Directory parent, byte[] name) {
    @Nullable Directory at = byPlace[placeBucket(parent, name)];
    while (at != null && !(at.parent == parent && Arrays.equals(at.name, name))) {
      at = at.samePlaceBucket;
    }
    return Optional.ofNullable(at);
  }

  /** The directory that is known to be at {@code path}. */
  Optional<Directory> find(RelativePath path) {
    return path.isRoot()
        ? Optional.of(root)
        : find(path.parent()).flatMap(parent -> child(parent, path.name()));
  }

  boolean isAt(Directory directory, Directory parent, byte[] name) {
    return directory.parent == parent && Arrays.equals(directory.name, name);
  }

  boolean isDetached(Directory directory) {
    return directory.parent == null && directory != root;
  }

  boolean isWithin(Directory directory, Directory ancestor) {
    @Nullable Directory at = directory;
    while (at != null && at != ancestor) {
      at = at.parent;
    }
    return at == ancestor;
  }

  /** A watch that is not known yet, in a place where nothing is. */
  Directory add(int watch, Directory parent, byte[] name) {
    Directory added = new Directory(watch, name);
    register(added);
    attach(added, parent, name);
    return added;
  }

  private void register(Directory added) {
    if (size >= byWatch.length) {
      grow();
    }
    size++;
    int bucket = watchBucket(added.watch);
    added.sameWatchBucket = byWatch[bucket];
    byWatch[bucket] = added;
  }

  /** Puts a directory, and all below it, in a place where nothing is. */
  void move(Directory directory, Directory parent, byte[] name) {
    detach(directory);
    attach(directory, parent, name);
  }

  private void attach(Directory directory, Directory parent, byte[] name) {
    directory.name = name;
    directory.parent = parent;
    int bucket = placeBucket(parent, name);
    directory.samePlaceBucket = byPlace[bucket];
    byPlace[bucket] = directory;
    @Nullable Directory next = parent.firstChild;
    directory.nextSibling = next;
    if (next != null) {
      next.previousSibling = directory;
    }
    parent.firstChild = directory;
  }

  /** Takes a directory out of its place; it stays known by its watch. */
  void detach(Directory directory) {
    @Nullable Directory parent = directory.parent;
    if (parent == null) {
      return;
    }
    unchain(directory, parent);
    @Nullable Directory next = directory.nextSibling;
    @Nullable Directory previous = directory.previousSibling;
    if (next != null) {
      next.previousSibling = previous;
    }
    if (previous != null) {
      previous.nextSibling = next;
    } else {
      parent.firstChild = next;
    }
    directory.parent = null;
    directory.nextSibling = null;
    directory.previousSibling = null;
  }

  private void unchain(Directory directory, Directory parent) {
    int bucket = placeBucket(parent, directory.name);
    @Nullable Directory at = byPlace[bucket];
    if (at == directory) {
      byPlace[bucket] = directory.samePlaceBucket;
    }
    while (at != null && at != directory) {
      if (at.samePlaceBucket == directory) {
        at.samePlaceBucket = directory.samePlaceBucket;
      }
      at = at.samePlaceBucket;
    }
    directory.samePlaceBucket = null;
  }

  /** Forgets a directory and all below it; tells which were forgotten. */
  List<Directory> remove(Directory top) {
    detach(top);
    List<Directory> removed = new ArrayList<>();
    removed.add(top);
    for (int index = 0; index < removed.size(); index++) {
      Directory at = removed.get(index);
      @Nullable Directory child = at.firstChild;
      while (child != null) {
        removed.add(child);
        child = child.nextSibling;
      }
    }
    for (Directory gone : removed) {
      detach(gone);
      unregister(gone);
    }
    return removed;
  }

  private void unregister(Directory gone) {
    int bucket = watchBucket(gone.watch);
    @Nullable Directory at = byWatch[bucket];
    if (at == gone) {
      byWatch[bucket] = gone.sameWatchBucket;
      size--;
      return;
    }
    while (at != null && at.sameWatchBucket != gone) {
      at = at.sameWatchBucket;
    }
    if (at != null) {
      at.sameWatchBucket = gone.sameWatchBucket;
      size--;
    }
  }

  /** The directories that a walk did not come by. */
  List<Directory> unseen(int walk) {
    List<Directory> unseen = new ArrayList<>();
    for (@Nullable Directory first : byWatch) {
      @Nullable Directory at = first;
      while (at != null) {
        if (at.walk != walk && at != root) {
          unseen.add(at);
        }
        at = at.sameWatchBucket;
      }
    }
    return unseen;
  }

  /** Where a directory is; empty when it, or one above it, is detached. */
  Optional<RelativePath> path(Directory directory) {
    int length = -1;
    @Nullable Directory top = directory;
    for (@Nullable Directory at = directory; at != null; at = at.parent) {
      length += at == root ? 0 : at.name.length + 1;
      top = at;
    }
    if (top != root) {
      return Optional.empty();
    }
    byte[] octets = new byte[Math.max(length, 0)];
    int end = octets.length;
    for (Directory at = directory; at.parent != null; at = at.parent) {
      end -= at.name.length;
      System.arraycopy(at.name, 0, octets, end, at.name.length);
      if (end > 0) {
        octets[--end] = '/';
      }
    }
    return Optional.of(RelativePath.of(octets));
  }

  /** Whether a directory below {@code parent} could hold a path that is within the limits. */
  boolean hasRoomBelow(Directory parent, byte[] name) {
    int depth = 2;
    int length = name.length + 1 + Limits.NAME_BYTES_MAX;
    for (@Nullable Directory at = parent; at != null && at != root; at = at.parent) {
      depth++;
      length += at.name.length + 1;
    }
    return depth <= Limits.PATH_DEPTH_MAX && length <= Limits.PATH_BYTES_MAX;
  }

  private int watchBucket(int watch) {
    return watch & (byWatch.length - 1);
  }

  private int placeBucket(Directory parent, byte[] name) {
    int hash = (parent.watch * 31 + Arrays.hashCode(name)) * 0x9E3779B1;
    return (hash ^ (hash >>> 16)) & (byPlace.length - 1);
  }

  private void grow() {
    @Nullable Directory[] old = byWatch;
    byWatch = new @Nullable Directory[old.length * 2];
    byPlace = new @Nullable Directory[old.length * 2];
    for (@Nullable Directory first : old) {
      @Nullable Directory at = first;
      while (at != null) {
        @Nullable Directory next = at.sameWatchBucket;
        rechain(at);
        at = next;
      }
    }
  }

  private void rechain(Directory directory) {
    int watch = watchBucket(directory.watch);
    directory.sameWatchBucket = byWatch[watch];
    byWatch[watch] = directory;
    @Nullable Directory parent = directory.parent;
    directory.samePlaceBucket = null;
    if (parent != null) {
      int place = placeBucket(parent, directory.name);
      directory.samePlaceBucket = byPlace[place];
      byPlace[place] = directory;
    }
  }
}
