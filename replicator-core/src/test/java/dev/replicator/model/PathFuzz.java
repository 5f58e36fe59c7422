package dev.replicator.model;

import dev.replicator.fuzz.Fuzzed;
import dev.replicator.fuzz.Fuzzer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A path is taken exactly when a second, plain reading of the rules takes it. */
public final class PathFuzz {
  private PathFuzz() {}

  public static List<byte[]> seeds() {
    return List.of(
        Fuzzer.seed(""),
        Fuzzer.seed("wp-content/uploads/2026/11/caf\u00e9.jpg"),
        Fuzzer.seed("a/./b"),
        Fuzzer.seed("a/../b"),
        Fuzzer.seed("../a"),
        Fuzzer.seed("/a//b/"),
        Fuzzer.seed("..."),
        Fuzzer.seed("a\0b"),
        Fuzzer.seed("x".repeat(Limits.NAME_BYTES_MAX)),
        Fuzzer.seed("x".repeat(Limits.NAME_BYTES_MAX + 1)),
        Fuzzer.seed("d/".repeat(Limits.PATH_DEPTH_MAX - 1) + "d"),
        new byte[] {'a', (byte) 0xff, '\n', 0x1b});
  }

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzzed.bounded(() -> read(input));
  }

  private static void read(byte[] input) {
    RelativePath path;
    try {
      path = RelativePath.of(input);
    } catch (IllegalArgumentException refused) {
      Fuzzed.holds(!isPath(input), "a path that can be was refused");
      return;
    }
    Fuzzed.holds(isPath(input), "a path that cannot be was taken");
    Fuzzed.same(path, RelativePath.of(path.toArray()));
    Fuzzed.holds(
        path.toString().chars().noneMatch(Character::isISOControl), "shown with control bytes");
    if (!path.isRoot()) {
      Fuzzed.same(path, path.parent().child(path.name()));
      Fuzzed.holds(path.isWithin(path.parent()), "not within its parent");
      Fuzzed.holds(path.depth() == path.parent().depth() + 1, "not one deeper than its parent");
      Fuzzed.holds(path.compareTo(path.parent()) > 0, "before its parent");
    }
  }

  private static boolean isPath(byte[] input) {
    if (input.length == 0) {
      return true;
    }
    String[] names = new String(input, StandardCharsets.ISO_8859_1).split("/", -1);
    for (String name : names) {
      boolean special = name.isEmpty() || name.equals(".") || name.equals("..");
      if (special || name.indexOf(0) >= 0 || name.length() > Limits.NAME_BYTES_MAX) {
        return false;
      }
    }
    return input.length <= Limits.PATH_BYTES_MAX && names.length <= Limits.PATH_DEPTH_MAX;
  }
}
