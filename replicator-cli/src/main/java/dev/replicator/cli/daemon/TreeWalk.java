package dev.replicator.cli.daemon;

import dev.replicator.filter.FilterRules;
import dev.replicator.filter.Verdict;
import dev.replicator.model.RelativePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Looks at every replicated path of a directory without the engine and without a change. */
public final class TreeWalk {
  private static final byte[] OWN_DIRECTORY = {
    '.', 'r', 'e', 'p', 'l', 'i', 'c', 'a', 't', 'o', 'r'
  };

  private final FilterRules rules;
  private final Visitor visitor;

  private TreeWalk(FilterRules rules, Visitor visitor) {
    this.rules = rules;
    this.visitor = visitor;
  }

  /** Takes one path: a file, a directory or a symbolic link, never anything else. */
  @FunctionalInterface
  public interface Visitor {
    void visit(RelativePath path, Path file, BasicFileAttributes attributes) throws IOException;
  }

  /** Visits directories before what is in them, names in the order of their bytes. */
  public static void walk(Path root, FilterRules rules, Visitor visitor) throws IOException {
    new TreeWalk(rules, visitor).directory(RelativePath.ROOT, root);
  }

  private void directory(RelativePath path, Path directory) throws IOException {
    TreeMap<RelativePath, Path> children = new TreeMap<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      for (Path child : found) {
        byte[] name = name(child);
        if (!(path.isRoot() && Arrays.equals(name, OWN_DIRECTORY))) {
          children.put(path.child(name), child);
        }
      }
    } catch (NoSuchFileException gone) {
      return;
    }
    for (Map.Entry<RelativePath, Path> child : children.entrySet()) {
      visit(child.getKey(), child.getValue());
    }
  }

  private void visit(RelativePath path, Path file) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException gone) {
      return;
    }
    if (attributes.isOther()) {
      return;
    }
    if (rules.decide(path, attributes.isDirectory()) instanceof Verdict.Replicate) {
      visitor.visit(path, file, attributes);
    }
    if (attributes.isDirectory() && rules.mayReplicateBelow(path)) {
      directory(path, file);
    }
  }

  /** The raw bytes of a name: a URI gives them even where the locale cannot say them. */
  private static byte[] name(Path file) {
    String raw = file.toUri().getRawPath();
    int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
    String last = raw.substring(raw.lastIndexOf('/', end - 1) + 1, end);
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int index = 0; index < last.length(); index++) {
      if (last.charAt(index) == '%') {
        octets.write(Integer.parseInt(last.substring(index + 1, index + 3), 16));
        index += 2;
      } else {
        octets.write(last.charAt(index));
      }
    }
    return octets.toByteArray();
  }
}
