package dev.replicator.block;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is on a device, as {@code blkid -p} sees it. */
public sealed interface Content {
  /** Nothing that is known. */
  record Blank() implements Content {}

  /** Metadata of DRBD alone. */
  record DrbdMetadata() implements Content {}

  /** OCFS2. */
  record Ocfs2(String label) implements Content {}

  /** Anything else: a file system, a partition table, a member of something. */
  record Other(String what) implements Content {}

  /** Reads one answer; {@code blkid} ends with 2 when it finds nothing. */
  static Content parse(int exitCode, String output) throws UnreadableException {
    List<String> lines = Lines.of(output);
    if (exitCode == 2 && lines.isEmpty()) {
      return new Blank();
    }
    // 8 is its word for several answers at once.
    if (exitCode == 8) {
      return new Other("several file systems at once");
    }
    if (exitCode != 0 || lines.size() != 1) {
      throw new UnreadableException("blkid ended with " + exitCode + ": " + output.strip());
    }
    Map<String, String> found = new TreeMap<>();
    Matcher tags = Pattern.compile(" ([A-Z_]+)=\"([^\"]*)\"").matcher(lines.getFirst());
    while (tags.find()) {
      found.put(tags.group(1), tags.group(2));
    }
    String type = found.getOrDefault("TYPE", "");
    return switch (type) {
      case "drbd" -> new DrbdMetadata();
      case "ocfs2" -> new Ocfs2(found.getOrDefault("LABEL", ""));
      case "" -> new Other("a partition table (" + found.getOrDefault("PTTYPE", "unknown") + ")");
      default -> new Other(type);
    };
  }

  default String text() {
    return switch (this) {
      case Blank() -> "nothing";
      case DrbdMetadata() -> "metadata of DRBD";
      case Ocfs2(String label) -> "OCFS2 labelled \"" + label + "\"";
      case Other(String what) -> what;
    };
  }
}
