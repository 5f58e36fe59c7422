package dev.replicator.linux;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where something is mounted below a directory, as the kernel tells of this process's mounts, among
 * others that nothing leads over.
 */
final class MountPoints {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int POINT_FIELD = 4;
  private static final int ESCAPE_OCTETS = 3;

  private MountPoints() {}

  /** Outermost ones only: what is mounted in one of them is nothing of the directory either. */
  static List<RelativePath> below(Descriptor directory, List<RelativePath> others)
      throws IOException {
    byte[] held = ("/proc/self/fd/" + directory.number()).getBytes(StandardCharsets.US_ASCII);
    try (Descriptor link = PathCalls.openNamed(held, PathCalls.LOCATE | PathCalls.NO_FOLLOW)) {
      return below(PathCalls.linkText(link.number()), Files.readAllBytes(TABLE), others);
    }
  }

  static List<RelativePath> below(Bytes directory, byte[] table, List<RelativePath> others) {
    byte[] prefix = prefix(directory.toArray());
    TreeSet<RelativePath> all = new TreeSet<>(others);
    for (String line : new String(table, StandardCharsets.ISO_8859_1).split("\n")) {
      String[] fields = line.split(" ");
      if (fields.length > POINT_FIELD) {
        rest(unescaped(fields[POINT_FIELD]), prefix).ifPresent(all::add);
      }
    }
    List<RelativePath> outermost = new ArrayList<>();
    for (RelativePath path : all) {
      if (outermost.stream().noneMatch(path::isWithin)) {
        outermost.add(path);
      }
    }
    return outermost;
  }

  private static byte[] prefix(byte[] directory) {
    if (directory.length == 1) {
      return directory;
    }
    byte[] prefix = Arrays.copyOf(directory, directory.length + 1);
    prefix[directory.length] = '/';
    return prefix;
  }

  private static Optional<RelativePath> rest(byte[] point, byte[] prefix) {
    boolean below =
        point.length > prefix.length
            && Arrays.equals(point, 0, prefix.length, prefix, 0, prefix.length);
    return below
        ? Optional.of(RelativePath.of(Arrays.copyOfRange(point, prefix.length, point.length)))
        : Optional.empty();
  }

  /** Spaces, tabs, newlines and backslashes come as a backslash and three octal digits. */
  private static byte[] unescaped(String field) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int i = 0; i < field.length(); i++) {
      boolean escape = field.charAt(i) == '\\' && i + ESCAPE_OCTETS < field.length();
      octets.write(
          escape ? Integer.parseInt(field, i + 1, i + 1 + ESCAPE_OCTETS, 8) : field.charAt(i));
      i += escape ? ESCAPE_OCTETS : 0;
    }
    return octets.toByteArray();
  }
}
