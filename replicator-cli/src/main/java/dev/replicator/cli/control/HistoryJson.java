package dev.replicator.cli.control;

import dev.replicator.model.RelativePath;
import dev.replicator.runtime.VersionReport;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/** The versions of a path that can be had back, the latest first. */
@Json
public record HistoryJson(
    String root, String path, List<VersionJson> versions, @Json.Unmapped Map<String, Object> more) {
  static HistoryJson of(
      NodeView node, String root, RelativePath path, List<VersionReport> versions) {
    return new HistoryJson(
        root,
        RelativePathJson.text(path),
        versions.stream().map(version -> VersionJson.of(node, version)).toList(),
        RelativePathJson.more(path));
  }
}
