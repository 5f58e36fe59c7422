package dev.replicator.kernel;

import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/*
 * A look reads a changed file from its first byte. A log of 60 MB to which somebody appends a line
 * a hundred times a second would be read without a pause, sent again each time and kept in the
 * vaults of all peers. So who changes a large file again and again has it read less often. Ordinary
 * work does not wait: the first two reads of a file in a while come as they are asked for, a small
 * file never rests, and that a file is gone, moved or as it was known is seen without reading it.
 */

/** Files that were read lately, and until when each is left alone. */
final class Rests {
  /** Why a file cannot be read. */
  static final Problem WITHOUT_PAUSE =
      new Problem(Problem.Kind.BUSY, "somebody writes to it without a pause");

  /** Reads at once, before a file rests. */
  static final int FREE_READS = 2;

  /** What takes less than this to read at the pace of a rest needs none. */
  static final long LEAST_MILLIS = 16;

  /** A rest doubles up to so many times its least. */
  static final int DOUBLINGS_MAX = 4;

  /** No rest is longer, but that of what takes as long at this pace by itself. */
  static final long MOST_MILLIS = 30_000;

  /** Those of which is remembered that they were read. */
  static final int FILES_MAX = 1_024;

  private final Bounds bounds;
  private final LinkedHashMap<RelativePath, Rest> rests = new LinkedHashMap<>();

  /** Those that the next look reads, though they may rest by then. */
  private final Set<RelativePath> awaited = new HashSet<>();

  /**
   * A file that was read.
   *
   * @param reads one after the other
   * @param forgottenMillis when it is as if it had never been read
   */
  private record Rest(int reads, long untilMillis, long forgottenMillis) {}

  Rests(Bounds bounds) {
    this.bounds = bounds;
  }

  /** So many bytes of it were read, whether that was of use or not. */
  void read(RelativePath path, long bytes, long nowMillis) {
    long least = (long) (bytes * 1_000.0 / bounds.restBytesPerSecond());
    Rest before = rests.remove(path);
    if (least < LEAST_MILLIS) {
      return;
    }
    int reads = before == null || nowMillis >= before.forgottenMillis() ? 1 : before.reads() + 1;
    long millis = reads <= FREE_READS ? 0 : length(least, reads - FREE_READS - 1);
    long most = length(least, DOUBLINGS_MAX);
    rests.put(path, new Rest(reads, nowMillis + millis, nowMillis + millis + most));
    if (rests.size() > bounds.remembered(FILES_MAX)) {
      rests.pollFirstEntry();
    }
  }

  private static long length(long least, int doublings) {
    return Math.min(least << Math.min(doublings, DOUBLINGS_MAX), Math.max(least, MOST_MILLIS));
  }

  /** Somebody waits for what is being looked at, and will be once more: that look reads it. */
  void await(List<RelativePath> paths) {
    awaited.addAll(paths);
  }

  /** Whether a look that begins now is not to read it. */
  boolean begin(RelativePath path, long nowMillis) {
    return !awaited.remove(path) && untilMillis(path, nowMillis) > nowMillis;
  }

  /** From when on it may be read; now at the earliest. */
  long untilMillis(RelativePath path, long nowMillis) {
    Rest rest = rests.get(path);
    return rest == null ? nowMillis : Math.max(nowMillis, rest.untilMillis());
  }

  /** Somebody waits for what is below {@code scope}: it may be read now. Tells what rested. */
  List<RelativePath> end(RelativePath scope, long nowMillis) {
    List<RelativePath> resting =
        rests.entrySet().stream()
            .filter(entry -> entry.getValue().untilMillis() > nowMillis)
            .map(Map.Entry::getKey)
            .filter(path -> path.isWithin(scope))
            .toList();
    resting.forEach(path ->
        rests.computeIfPresent(
            path, (ignored, rest) -> new Rest(rest.reads(), nowMillis, rest.forgottenMillis())));
    return resting;
  }
}
