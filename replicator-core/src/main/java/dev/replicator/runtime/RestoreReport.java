package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import java.util.List;

/**
 * What came of restoring everything that was deleted below a directory.
 *
 * @param restored files that were written back, or would be, of {@code bytes}
 * @param back files that hold already what was deleted
 * @param occupied paths at which something else is now: it stays
 * @param failed files that cannot be restored
 * @param left the first of those that are occupied or failed
 */
public record RestoreReport(
    boolean ended,
    long restored,
    long bytes,
    long back,
    long occupied,
    long failed,
    List<Left> left) {
  public static final RestoreReport NONE = new RestoreReport(false, 0, 0, 0, 0, 0, List.of());

  /** A path that was not restored, and why. */
  public record Left(RelativePath path, String why) {}

  /**
   * What is asked for.
   *
   * @param directory below which
   * @param sinceMillis what left before that, since the epoch, is of no interest
   * @param dryRun nothing is restored
   */
  public record Order(RelativePath directory, long sinceMillis, boolean dryRun) {}
}
