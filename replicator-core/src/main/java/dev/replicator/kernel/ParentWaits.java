package dev.replicator.kernel;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Paths that go on as soon as their directory is there. The journal's pending work has the rest.
 */
final class ParentWaits {
  private final TreeMap<RelativePath, TreeSet<RelativePath>> byParent = new TreeMap<>();
  private int size;

  void add(RelativePath path) {
    if (size < Limits.PATHS_WAITING_MAX
        && byParent.computeIfAbsent(path.parent(), key -> new TreeSet<>()).add(path)) {
      size++;
    }
  }

  boolean contains(RelativePath path) {
    TreeSet<RelativePath> children = byParent.get(path.parent());
    return children != null && children.contains(path);
  }

  boolean isAwaited(RelativePath directory) {
    return byParent.containsKey(directory);
  }

  /** Takes out what waited for {@code directory}. */
  SortedSet<RelativePath> take(RelativePath directory) {
    TreeSet<RelativePath> children = byParent.remove(directory);
    if (children == null) {
      return new TreeSet<>();
    }
    size -= children.size();
    return children;
  }
}
