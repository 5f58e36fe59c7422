package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import java.util.List;

/**
 * What was found when the content of a root was read again.
 *
 * @param endedMillis since the epoch; 0 while it runs
 * @param millis that it took so far
 * @param checked paths that were looked at, of {@code total}
 * @param files whose content was read, {@code bytes} of it
 * @param changed files that somebody changed, and that the ordinary way is to take in
 * @param damaged files and links that hold something else than was put or read there
 * @param healed those of them that hold it again
 * @param left those that still are damaged
 * @param unread files of which nothing can be said: they cannot be opened, or somebody writes; and
 *     those that are missing
 * @param findings the first damaged, unread and missing paths
 */
public record VerifyReport(
    long endedMillis,
    long millis,
    long checked,
    long total,
    long files,
    long bytes,
    long changed,
    long damaged,
    long healed,
    long left,
    long unread,
    List<Finding> findings) {
  public static final VerifyReport NONE =
      new VerifyReport(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

  public boolean ended() {
    return endedMillis != 0;
  }

  /**
   * A path with which something is wrong.
   *
   * @param what for people: how much of it is damaged, or why it was not read
   * @param outcome for people: why it was not healed, or where the damaged content is kept; "" when
   *     nothing is to be said
   */
  public record Finding(RelativePath path, Fate fate, String what, String outcome) {}

  /** What became of a path. */
  public enum Fate {
    /** It is damaged, and was left as it is because nothing else was asked for. */
    DAMAGED,
    /** It was damaged, and what it should hold is there again. */
    HEALED,
    /** It is damaged, and stays so until its content can be had. */
    NOT_HEALED,
    /** It was damaged, and somebody wrote over it or removed it before it was healed. */
    OVERWRITTEN,
    /** Nobody can say whether it is damaged. */
    UNREAD,
    /** It is gone while the root is held or lost, so that nobody may have meant to delete it. */
    MISSING
  }

  /**
   * What is asked for.
   *
   * @param dryRun nothing is healed
   * @param bytesPerSecond that are read at most
   */
  public record Order(boolean dryRun, long bytesPerSecond) {
    public static final long NO_LIMIT = Long.MAX_VALUE;
  }
}
