package dev.replicator.cli.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a tree holds, as find and sha256sum see it: none of the code under test has a part in it.
 * Names are bytes, read here one to one as Latin-1. A directory's own time is left out: it changes
 * with its children.
 */
record Manifest(Map<String, String> entries) {
  private static final int SHOWN_MAX = 20;
  private static final String FIND =
      """
      find . -path ./.replicator -prune -o -mindepth 1 \
        \\( -type f -printf '%P\\0%y %m %u:%g %s %T@\\0' \
        -o -type l -printf '%P\\0%y %u:%g -> %l\\0' \
        -o -printf '%P\\0%y %m %u:%g\\0' \\)
      """;
  private static final String DIGESTS =
      "find . -path ./.replicator -prune -o -type f -exec sha256sum -z {} +";
  private static final int HEX = 64;

  static Manifest of(Path root) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    List<String> words = words(root, FIND);
    for (int i = 0; i + 1 < words.size(); i += 2) {
      entries.put(words.get(i), words.get(i + 1));
    }
    for (String line : words(root, DIGESTS)) {
      String name = line.substring(HEX + 2 + "./".length());
      entries.merge(name, line.substring(0, HEX), (described, digest) -> described + " " + digest);
    }
    return new Manifest(entries);
  }

  /** Files may vanish while find looks: then it fails, and what it found does not matter. */
  private static List<String> words(Path root, String script) throws IOException {
    Process process =
        new ProcessBuilder("/bin/sh", "-c", "cd \"$0\" && " + script, root.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    List<String> words = new ArrayList<>(List.of(output.split("\0", -1)));
    words.removeLast();
    return words;
  }

  List<String> differences(Manifest other) {
    Map<String, String> theirs = new TreeMap<>(other.entries);
    List<String> differences = new ArrayList<>();
    entries.forEach((name, here) -> {
      String there = theirs.remove(name);
      if (there == null) {
        differences.add("only first: " + name + " " + here);
      } else if (!there.equals(here)) {
        differences.add("differs: " + name + "\n  " + here + "\n  " + there);
      }
    });
    theirs.forEach((name, there) -> differences.add("only second: " + name + " " + there));
    return differences.subList(0, Math.min(SHOWN_MAX, differences.size()));
  }
}
