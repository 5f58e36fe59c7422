package dev.replicator.linux;

import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The directories that could not be watched, each with the number of the error. Used by one thread
 * at a time.
 */
final class WatchBlind {
  private static final int KEPT_MAX = 4_096;
  private static final int SCOPES_MAX = 16;

  private final TreeMap<RelativePath, Integer> places = new TreeMap<>();
  private boolean full;

  void add(RelativePath directory, int error) {
    if (places.size() < KEPT_MAX || places.containsKey(directory)) {
      places.put(directory, error);
    } else {
      full = true;
    }
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  int size() {
    return places.size();
  }

  /** Whether a watch was missing, and not only a right. */
  boolean lacksWatches() {
    return places.containsValue(WatchCalls.ENOSPC);
  }

  /** Whether there are more than are kept: only a walk from the top finds them all. */
  boolean isFull() {
    return full;
  }

  /** All of them, to be tried again; none is kept. */
  List<RelativePath> take() {
    List<RelativePath> taken = List.copyOf(places.keySet());
    places.clear();
    full = false;
    return taken;
  }

  /** A few scopes that hold them all, with one error each. */
  Map<RelativePath, Integer> scopes() {
    TreeMap<RelativePath, Integer> scopes = new TreeMap<>(places);
    if (full) {
      return Map.of(RelativePath.ROOT, scopes.firstEntry().getValue());
    }
    while (scopes.size() > SCOPES_MAX) {
      int deepest = scopes.keySet().stream().mapToInt(RelativePath::depth).max().orElse(0);
      TreeMap<RelativePath, Integer> wider = new TreeMap<>();
      scopes.forEach(
          (path, error) -> wider.put(path.depth() == deepest ? path.parent() : path, error));
      scopes = wider;
    }
    withoutNested(scopes);
    return scopes;
  }

  private static void withoutNested(TreeMap<RelativePath, Integer> scopes) {
    for (RelativePath scope : new TreeSet<>(scopes.keySet())) {
      RelativePath at = scope;
      while (!at.isRoot()) {
        at = at.parent();
        if (scopes.containsKey(at)) {
          scopes.remove(scope);
          break;
        }
      }
    }
  }
}
