package dev.replicator.cli.control;

import dev.replicator.model.RelativePath;
import dev.replicator.runtime.VerifyRefusedException;
import dev.replicator.runtime.VerifyReport;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was found so far when the content of a root was read again, the last line with {@code
 * ended}.
 *
 * @param millis that it took so far
 * @param checked paths that were looked at, of {@code total}
 * @param files whose content was read, {@code bytes} of it
 * @param changed files that somebody changed, and that the ordinary way is to take in
 * @param left damaged files that still are
 * @param unread files of which nothing can be said, and those that are missing
 * @param findings the first damaged, unread and missing paths, in the last line
 * @param refused whether {@code reason} is that another one runs, or that this is no root for it
 * @param reason why it ended without an answer, "" otherwise
 */
@Json
public record VerifyJson(
    boolean ended,
    String root,
    boolean dryRun,
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
    List<Finding> findings,
    boolean refused,
    String reason) {
  /**
   * A path with which something is wrong.
   *
   * @param fate one of damaged, healed, not_healed, overwritten, unread, missing
   */
  @Json
  public record Finding(
      String path,
      String fate,
      String what,
      String outcome,
      @Json.Unmapped Map<String, Object> more) {
    private static Finding of(VerifyReport.Finding finding) {
      RelativePath path = finding.path();
      return new Finding(
          RelativePathJson.text(path),
          finding.fate().name().toLowerCase(Locale.ROOT),
          finding.what(),
          finding.outcome(),
          RelativePathJson.more(path));
    }
  }

  static VerifyJson of(String root, boolean dryRun, VerifyReport report) {
    return of(root, dryRun, report, report.ended(), false, "");
  }

  static VerifyJson failed(String root, boolean dryRun, VerifyReport last, Throwable failure) {
    boolean refused = failure instanceof VerifyRefusedException;
    return of(root, dryRun, last, true, refused, String.valueOf(failure.getMessage()));
  }

  private static VerifyJson of(
      String root,
      boolean dryRun,
      VerifyReport report,
      boolean ended,
      boolean refused,
      String reason) {
    return new VerifyJson(
        ended,
        root,
        dryRun,
        report.millis(),
        report.checked(),
        report.total(),
        report.files(),
        report.bytes(),
        report.changed(),
        report.damaged(),
        report.healed(),
        report.left(),
        report.unread(),
        ended ? report.findings().stream().map(Finding::of).toList() : List.of(),
        refused,
        reason);
  }
}
