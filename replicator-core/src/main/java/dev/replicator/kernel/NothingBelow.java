package dev.replicator.kernel;

import dev.replicator.model.RelativePath;
import java.util.HashSet;
import java.util.Set;

/*
 * Of every file that comes it is asked whether anything is on this disk below it, and each answer
 * is an iterator of the journal. What is in a directory that was empty when it came is known
 * without: nothing is below its files, nor theirs, but what was put there since.
 */

/** Paths of which it is known that nothing on this disk is below them: those that came lately. */
final class NothingBelow {
  static final int PATHS_MAX = 4_096;

  /** Each may be as long as a path. */
  private static final int BYTES_MAX = 1_024 * 1_024;

  private final int sizeMax;
  private final Set<RelativePath> cameEmpty = new HashSet<>();

  /** Directories in which something was put since. */
  private final Set<RelativePath> filled = new HashSet<>();

  private long bytes;

  NothingBelow(int sizeMax) {
    this.sizeMax = sizeMax;
  }

  /** A directory is here, and nothing below it. */
  void came(RelativePath directory) {
    if (!isKnown(directory)) {
      add(cameEmpty, directory);
    }
  }

  /** Something is at {@code path}. */
  void put(RelativePath path) {
    if (path.depth() > 1 && isKnown(path.parent())) {
      fill(path.parent());
    }
  }

  /** What is above one that is filled always is, too. */
  private void fill(RelativePath directory) {
    RelativePath at = directory;
    while (add(filled, at) && at.depth() > 1) {
      at = at.parent();
    }
  }

  /** Whether nothing is below {@code path} for certain. */
  boolean isSure(RelativePath path) {
    return !filled.contains(path) && isKnown(path);
  }

  /** Whether all that came below {@code path} was told here. */
  private boolean isKnown(RelativePath path) {
    return !cameEmpty.isEmpty()
        && (cameEmpty.contains(path) || path.firstAbove(cameEmpty::contains).isPresent());
  }

  /** Whether it was not there; beside too many others everything is forgotten. */
  private boolean add(Set<RelativePath> paths, RelativePath path) {
    boolean fresh = paths.add(path);
    bytes += fresh ? path.length() : 0;
    if (cameEmpty.size() + filled.size() > sizeMax || bytes > BYTES_MAX) {
      cameEmpty.clear();
      filled.clear();
      bytes = 0;
    }
    return fresh;
  }
}
