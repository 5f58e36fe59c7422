package dev.replicator.cli.control;

import dev.replicator.model.RelativePath;
import dev.replicator.runtime.DeletedFile;
import dev.replicator.runtime.DeletedReport;
import io.avaje.jsonb.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What was deleted below a directory and is not there now, in the order of paths.
 *
 * @param complete false when there is more than one answer lists
 */
@Json
public record DeletedJson(
    String root,
    String path,
    List<Gone> files,
    boolean complete,
    @Json.Unmapped Map<String, Object> more) {
  /**
   * A file that is gone.
   *
   * @param leftAt when {@code version} left this node's disk
   * @param version the last one that was kept here; names it for {@code restore}
   * @param last whether that is what was deleted; else it was replaced, and what was deleted in the
   *     end was never kept here
   */
  @Json
  public record Gone(
      String path,
      String leftAt,
      String version,
      long size,
      boolean availableHere,
      boolean last,
      @Json.Unmapped Map<String, Object> more) {
    private static Gone of(DeletedFile file) {
      return new Gone(
          RelativePathJson.text(file.path()),
          Instant.ofEpochMilli(file.leftMillis()).toString(),
          file.version().toString(),
          file.bytes(),
          file.availableHere(),
          file.last(),
          RelativePathJson.more(file.path()));
    }
  }

  static DeletedJson of(String root, RelativePath path, DeletedReport report) {
    return new DeletedJson(
        root,
        RelativePathJson.text(path),
        report.files().stream().map(Gone::of).toList(),
        report.complete(),
        RelativePathJson.more(path));
  }
}
