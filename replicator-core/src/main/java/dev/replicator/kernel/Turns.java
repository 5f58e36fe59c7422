package dev.replicator.kernel;

import dev.replicator.model.RelativePath;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * Paths that wait: in their order within a directory, and one of each directory in turn. So nobody
 * who changes one file waits behind the thousands that somebody changes elsewhere.
 */
final class Turns {
  private final LinkedHashMap<RelativePath, LinkedHashSet<RelativePath>> byDirectory =
      new LinkedHashMap<>();

  private int size;

  /** Whether it did not wait yet. */
  boolean add(RelativePath path) {
    boolean added =
        byDirectory.computeIfAbsent(directory(path), _ -> new LinkedHashSet<>()).add(path);
    size += added ? 1 : 0;
    return added;
  }

  boolean contains(RelativePath path) {
    LinkedHashSet<RelativePath> waiting = byDirectory.get(directory(path));
    return waiting != null && waiting.contains(path);
  }

  void remove(RelativePath path) {
    LinkedHashSet<RelativePath> waiting = byDirectory.get(directory(path));
    if (waiting != null && waiting.remove(path)) {
      size--;
      if (waiting.isEmpty()) {
        byDirectory.remove(directory(path));
      }
    }
  }

  /** Takes the next one out; there has to be one. */
  RelativePath poll() {
    Map.Entry<RelativePath, LinkedHashSet<RelativePath>> turn = byDirectory.pollFirstEntry();
    RelativePath next = turn.getValue().removeFirst();
    size--;
    if (!turn.getValue().isEmpty()) {
      byDirectory.putLast(turn.getKey(), turn.getValue());
    }
    return next;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  private static RelativePath directory(RelativePath path) {
    return path.isRoot() ? path : path.parent();
  }
}
