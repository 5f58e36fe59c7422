package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers the watcher's hints: a path is due once it was quiet for a moment, or when it has waited
 * long enough. Used by the root's thread alone.
 */
final class Coalescer {
  private static final int PATHS_MAX = 200_000;

  private final long quietMillis;
  private final long settleMillis;
  private final LinkedHashMap<RelativePath, Waiting> waiting = new LinkedHashMap<>();
  private boolean overflowed;

  /** What was hinted, and since when. */
  private static final class Waiting {
    final long firstMillis;
    long dueMillis;
    Hint hint = Hint.CHANGED;

    Waiting(long firstMillis) {
      this.firstMillis = firstMillis;
    }
  }

  /** A path whose time has come. */
  record Due(RelativePath path, Hint hint) {}

  Coalescer(long quietMillis, long settleMillis) {
    this.quietMillis = quietMillis;
    this.settleMillis = settleMillis;
  }

  void hint(RelativePath path, Hint hint, long nowMillis) {
    if (waiting.size() >= PATHS_MAX) {
      overflowed = true;
      return;
    }
    Waiting entry = waiting.remove(path);
    if (entry == null) {
      entry = new Waiting(nowMillis);
    }
    entry.hint = entry.hint.and(hint);
    entry.dueMillis = Math.min(nowMillis + quietMillis, entry.firstMillis + settleMillis);
    waiting.put(path, entry);
  }

  /** Whether hints were dropped since the last call: everything is suspect. */
  boolean takeOverflow() {
    boolean was = overflowed;
    overflowed = false;
    return was;
  }

  /** In the order of their last hint, which is nearly that of their due times. */
  List<Due> due(long nowMillis) {
    List<Due> due = new ArrayList<>();
    var hints = waiting.entrySet().iterator();
    while (hints.hasNext()) {
      Map.Entry<RelativePath, Waiting> entry = hints.next();
      if (entry.getValue().dueMillis > nowMillis) {
        break;
      }
      due.add(new Due(entry.getKey(), entry.getValue().hint));
      hints.remove();
    }
    return due;
  }

  List<Due> flush() {
    return due(Long.MAX_VALUE);
  }

  long wakeAtMillis() {
    return waiting.isEmpty() ? Long.MAX_VALUE : waiting.firstEntry().getValue().dueMillis;
  }
}
