package dev.replicator.kernel;

import dev.replicator.model.RelativePath;
import java.util.HashSet;
import java.util.Set;

/*
 * Every file has to be asked whether something shows below it, and next to none has: an iterator of
 * the journal for that is a tenth of what a change costs. So the few for which it may be so are
 * remembered. A path that is not here has nothing below it that shows, or is a directory by its
 * own record; one that is here is asked.
 */

/** Paths that may show as directories for what is below them, whatever their records say. */
final class Implied {
  /** So many are no accident of order any more, and each may be as long as a path. */
  static final int PATHS_MAX = 4_096;

  private final int sizeMax;
  private final Set<RelativePath> paths = new HashSet<>();
  private boolean overflown;

  Implied(int sizeMax) {
    this.sizeMax = sizeMax;
  }

  void add(RelativePath path) {
    overflown = overflown || (paths.size() >= sizeMax && !paths.contains(path));
    if (overflown) {
      paths.clear();
    } else {
      paths.add(path);
    }
  }

  /** Nothing below {@code path} shows. */
  void remove(RelativePath path) {
    paths.remove(path);
  }

  boolean mayBe(RelativePath path) {
    return overflown || paths.contains(path);
  }
}
