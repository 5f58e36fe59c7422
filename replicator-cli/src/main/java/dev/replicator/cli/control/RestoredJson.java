package dev.replicator.cli.control;

import dev.replicator.runtime.RestoreReport;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/**
 * What was restored so far of what was deleted, the last line with {@code ended}.
 *
 * @param restored files that were written back, or would be, of {@code bytes}
 * @param back files that hold already what was deleted
 * @param occupied paths at which something else is now
 * @param failed files that cannot be restored
 * @param left the first of those that are occupied or failed, in the last line
 * @param reason why it ended without an answer, "" otherwise
 */
@Json
public record RestoredJson(
    boolean ended,
    boolean dryRun,
    long restored,
    long bytes,
    long back,
    long occupied,
    long failed,
    List<Left> left,
    String reason) {
  /** A path that was not restored. */
  @Json
  public record Left(String path, String why, @Json.Unmapped Map<String, Object> more) {
    private static Left of(RestoreReport.Left left) {
      return new Left(
          RelativePathJson.text(left.path()), left.why(), RelativePathJson.more(left.path()));
    }
  }

  static RestoredJson of(boolean dryRun, RestoreReport report) {
    return of(dryRun, report, report.ended(), "");
  }

  /** The same when it could not go on. */
  static RestoredJson failed(boolean dryRun, RestoreReport last, String reason) {
    return of(dryRun, last, true, reason);
  }

  private static RestoredJson of(
      boolean dryRun, RestoreReport report, boolean ended, String reason) {
    return new RestoredJson(
        ended,
        dryRun,
        report.restored(),
        report.bytes(),
        report.back(),
        report.occupied(),
        report.failed(),
        report.left().stream().map(Left::of).toList(),
        reason);
  }
}
