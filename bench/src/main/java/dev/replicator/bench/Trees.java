package dev.replicator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares two trees: names, kinds, contents, modes and times. */
public final class Trees {
  private static final int FINDINGS_MAX = 20;

  private Trees() {}

  /** How exactly a time of modification is kept. */
  public enum Times {
    NANOSECONDS,
    SECONDS,
    NOT_KEPT
  }

  /** What must be equal besides names, kinds and contents. */
  public record Promise(boolean modes, boolean owners, Times times) {
    public static final Promise ALL = new Promise(true, true, Times.NANOSECONDS);
  }

  /** What differs, the first of it; empty when nothing does. */
  static List<String> differences(Path left, Path right) throws IOException {
    return differences(left, right, Promise.ALL);
  }

  /** The same, of what {@code promise} names. */
  public static List<String> differences(Path left, Path right, Promise promise)
      throws IOException {
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
      } else if (!describe(entry.getValue(), promise).equals(describe(other, promise))) {
        findings.add(
            "differs: %s: %s, %s"
                .formatted(
                    entry.getKey(), describe(entry.getValue(), promise), describe(other, promise)));
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
  private static String describe(Path path, Promise promise) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path);
    }
    Map<String, Object> attributes =
        Files.readAttributes(
            path, "unix:mode,uid,gid,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    List<String> words = new ArrayList<>();
    words.add(directory ? "directory" : attributes.get("size") + " bytes");
    if (promise.modes() && attributes.get("mode") instanceof Integer bits) {
      words.add(Integer.toOctalString(bits));
    }
    if (promise.owners()) {
      words.add(attributes.get("uid") + ":" + attributes.get("gid"));
    }
    if (!directory && attributes.get("lastModifiedTime") instanceof FileTime time) {
      words.addAll(shown(time, promise.times()));
    }
    return String.join(" ", words);
  }

  private static List<String> shown(FileTime time, Times kept) {
    return switch (kept) {
      case NANOSECONDS -> List.of(time.toString());
      case SECONDS -> List.of(time.toInstant().truncatedTo(ChronoUnit.SECONDS).toString());
      case NOT_KEPT -> List.of();
    };
  }
}
