package dev.replicator.kernel;

import dev.replicator.model.RelativePath;
import java.util.TreeMap;

/** What was looked at since the start, one path at a time or by a scan. */
final class FirstLooks {
  private final ReplicaState state;

  /** Whether what changed while the daemon was down is known. */
  private boolean scanned;

  /**
   * What could not be looked at by the first scan, with all below it, and was not since; and the
   * last scan that had begun when that was told.
   */
  private final TreeMap<RelativePath, Long> unseen = new TreeMap<>();

  FirstLooks(ReplicaState state) {
    this.state = state;
  }

  /** The scan of this start is over. */
  void scanned() {
    scanned = true;
  }

  boolean isScanned() {
    return scanned;
  }

  /**
   * A look failed.
   *
   * @param scan the last one that began
   */
  void failed(RelativePath path, long scan) {
    if (!isDone(path)) {
      boolean room = unseen.containsKey(path) || unseen.size() < state.settings.bounds().waiting();
      unseen.merge(room ? path : RelativePath.ROOT, scan, Math::max);
    }
  }

  /** What is gone there is held: no scan tells what somebody replaces who writes there. */
  void held(RelativePath path) {
    failed(path, Long.MAX_VALUE);
  }

  /** A look told what is at {@code path}; of a directory, not what is in it. */
  void saw(RelativePath path, boolean directory) {
    if (!directory) {
      unseen.remove(path);
    }
  }

  /** {@code scan} is over: it saw all below {@code scope} of which nothing else was told since. */
  void scanned(RelativePath scope, long scan) {
    unseen.entrySet().removeIf(told -> told.getValue() < scan && told.getKey().isWithin(scope));
  }

  boolean isDone(RelativePath path) {
    return scanned && unseen.keySet().stream().noneMatch(path::isWithin);
  }
}
