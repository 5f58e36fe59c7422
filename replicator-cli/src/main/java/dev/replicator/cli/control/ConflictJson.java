package dev.replicator.cli.control;

import dev.replicator.runtime.ConflictReport;
import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/** A path with versions that do not show; the visible one first. */
@Json
public record ConflictJson(
    String root, String path, List<VersionJson> versions, @Json.Unmapped Map<String, Object> more) {
  static ConflictJson of(NodeView node, String root, ConflictReport report) {
    return new ConflictJson(
        root,
        RelativePathJson.text(report.path()),
        report.versions().stream().map(version -> VersionJson.of(node, version)).toList(),
        RelativePathJson.more(report.path()));
  }
}
