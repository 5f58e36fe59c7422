package dev.replicator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares two trees: names, kinds, contents, modes and times. */
final class Trees {
  private static final int FINDINGS_MAX = 20;

  private Trees() {}

  /** What differs, the first of it; empty when nothing does. */
  static List<String> differences(Path left, Path right) throws IOException {
    Map<String, Path> onLeft = paths(left);
    Map<String, Path> onRight = paths(right);
    List<String> findings = new ArrayList<>();
    for (Map.Entry<String, Path> entry : onLeft.entrySet()) {
      Path other = onRight.remove(entry.getKey());
      if (findings.size() >= FINDINGS_MAX) {
        break;
      }
      if (other == null) {
        findings.add("missing in " + right + ": " + entry.getKey());
      } else if (!describe(entry.getValue()).equals(describe(other))) {
        findings.add(
            "differs: %s: %s, %s"
                .formatted(entry.getKey(), describe(entry.getValue()), describe(other)));
      } else if (Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)
          && Files.mismatch(entry.getValue(), other) >= 0) {
        findings.add("content differs: " + entry.getKey());
      }
    }
    onRight.keySet().stream()
        .limit(FINDINGS_MAX)
        .forEach(name -> findings.add("missing in " + left + ": " + name));
    return findings;
  }

  private static Map<String, Path> paths(Path root) throws IOException {
    Map<String, Path> paths = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      all.filter(path -> !path.equals(root) && !path.startsWith(root.resolve(".replicator")))
          .forEach(path -> paths.put(root.relativize(path).toString(), path));
    }
    return paths;
  }

  /** A directory's own time is not replicated: it changes with its children. */
  private static String describe(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path);
    }
    Map<String, Object> attributes =
        Files.readAttributes(path, "unix:mode,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    String mode = attributes.get("mode") instanceof Integer bits ? Integer.toOctalString(bits) : "";
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
        ? mode
        : mode + " " + attributes.get("size") + " " + attributes.get("lastModifiedTime");
  }
}
