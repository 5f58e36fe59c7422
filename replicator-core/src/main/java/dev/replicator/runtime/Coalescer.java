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
  private final LinkedHashMap<RelativePath, Hint> waiting = new LinkedHashMap<>();
  private boolean overflowed;

  /** What was hinted, and since when. */
  private static final class Hint {
    final long firstMillis;
    long dueMillis;
    boolean directory;

    Hint(long firstMillis) {
      this.firstMillis = firstMillis;
    }
  }

  /** A path whose time has come; {@code directory} when all below it is new. */
  record Due(RelativePath path, boolean directory) {}

  Coalescer(long quietMillis, long settleMillis) {
    this.quietMillis = quietMillis;
    this.settleMillis = settleMillis;
  }

  void hint(RelativePath path, boolean directory, long nowMillis) {
    if (waiting.size() >= PATHS_MAX) {
      overflowed = true;
      return;
    }
    Hint hint = waiting.remove(path);
    if (hint == null) {
      hint = new Hint(nowMillis);
    }
    hint.directory = hint.directory || directory;
    hint.dueMillis = Math.min(nowMillis + quietMillis, hint.firstMillis + settleMillis);
    waiting.put(path, hint);
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
      Map.Entry<RelativePath, Hint> entry = hints.next();
      if (entry.getValue().dueMillis > nowMillis) {
        break;
      }
      due.add(new Due(entry.getKey(), entry.getValue().directory));
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
