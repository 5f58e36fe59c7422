package dev.replicator.cli.demo;

import dev.replicator.cli.daemon.TreeWalk;
import dev.replicator.filter.FilterRules;
import dev.replicator.model.RelativePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares two trees path by path, without asking the engine anything. */
final class TreeDifferences {
  private TreeDifferences() {}

  /** What one path is; {@code mtime} of files only, {@code link} of symbolic links only. */
  private record Seen(String kind, long size, String mode, FileTime mtime, String link) {}

  /** One sentence for each path that differs in kind, size, mode, time or link text. */
  static List<String> ofMetadata(Path one, Path two, FilterRules rules) throws IOException {
    return compare(one, two, rules, false);
  }

  /** The same, and every byte of every file is compared. */
  static List<String> ofEverything(Path one, Path two, FilterRules rules) throws IOException {
    return compare(one, two, rules, true);
  }

  /** How many paths {@code root} holds. */
  static int count(Path root, FilterRules rules) throws IOException {
    return look(root, rules).size();
  }

  private static List<String> compare(Path one, Path two, FilterRules rules, boolean content)
      throws IOException {
    SortedMap<RelativePath, Seen> left = look(one, rules);
    SortedMap<RelativePath, Seen> right = look(two, rules);
    TreeSet<RelativePath> paths = new TreeSet<>(left.keySet());
    paths.addAll(right.keySet());
    List<String> differences = new ArrayList<>();
    for (RelativePath path : paths) {
      Seen here = left.get(path);
      Seen there = right.get(path);
      if (here == null || there == null) {
        differences.add(path + " is only on one side");
      } else if (!here.equals(there)) {
        differences.add(path + " differs: " + here + " and " + there);
      } else if (content && here.kind().equals("file")) {
        String text = path.text().orElse("");
        if (!text.isEmpty() && Files.mismatch(one.resolve(text), two.resolve(text)) >= 0) {
          differences.add(path + " has other content");
        }
      }
    }
    return differences;
  }

  private static SortedMap<RelativePath, Seen> look(Path root, FilterRules rules)
      throws IOException {
    TreeMap<RelativePath, Seen> seen = new TreeMap<>();
    TreeWalk.walk(
        root,
        rules,
        (path, file, attributes) -> {
          try {
            seen.put(path, seen(file, attributes));
          } catch (NoSuchFileException gone) {
            // Removed since it was listed: as good as never there.
          }
        });
    return seen;
  }

  private static Seen seen(Path file, BasicFileAttributes attributes) throws IOException {
    if (attributes.isSymbolicLink()) {
      return new Seen("link", 0, "", FileTime.fromMillis(0), Files.readSymbolicLink(file) + "");
    }
    String mode =
        PosixFilePermissions.toString(
            Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .permissions());
    return attributes.isDirectory()
        ? new Seen("directory", 0, mode, FileTime.fromMillis(0), "")
        : new Seen("file", attributes.size(), mode, attributes.lastModifiedTime(), "");
  }
}
