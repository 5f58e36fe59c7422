package dev.replicator.cli.control;

import dev.replicator.model.Entry;
import dev.replicator.model.NodeId;
import dev.replicator.runtime.VersionReport;
import io.avaje.jsonb.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One version of a path.
 *
 * @param replica as whom it was written
 * @param writer the name of that node; "" unless it is this one or one that is connected
 * @param version names it for {@code resolve} and {@code restore}
 * @param writtenAt by the writer's clock
 * @param kind absent, directory, file or symlink
 * @param digest of a file's content
 * @param target of a symbolic link
 */
@Json
public record VersionJson(
    String replica,
    String writer,
    String version,
    String writtenAt,
    String kind,
    OptionalLong size,
    Optional<String> digest,
    Optional<String> target,
    boolean visible,
    boolean adopted,
    boolean availableHere,
    String reason) {
  public VersionJson {
    size = Nulls.absent(size);
    digest = Nulls.absent(digest);
    target = Nulls.absent(target);
  }

  static VersionJson of(NodeView node, VersionReport report) {
    return new VersionJson(
        report.dot().replica().toString(),
        report.writer().map(id -> nameOf(node, id)).orElse(""),
        report.dot().toString(),
        Instant.ofEpochMilli(report.writtenAtMillis()).toString(),
        kind(report.entry()),
        size(report.entry()),
        report.entry() instanceof Entry.File file
            ? Optional.of(file.digest().toHex())
            : Optional.empty(),
        report.entry() instanceof Entry.Symlink link
            ? Optional.of(RelativePathJson.linkText(link))
            : Optional.empty(),
        report.visible(),
        report.adopted(),
        report.availableHere(),
        report.reason());
  }

  private static String nameOf(NodeView node, NodeId writer) {
    return writer.equals(node.id()) ? node.name() : Health.nameOf(node, writer);
  }

  static String kind(Entry entry) {
    return switch (entry) {
      case Entry.Absent _ -> "absent";
      case Entry.Directory _ -> "directory";
      case Entry.File _ -> "file";
      case Entry.Symlink _ -> "symlink";
    };
  }

  private static OptionalLong size(Entry entry) {
    return entry instanceof Entry.File file ? OptionalLong.of(file.size()) : OptionalLong.empty();
  }
}
