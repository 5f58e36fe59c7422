package dev.replicator.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The raw bytes of a path of Java's: only its URI tells them in every locale. */
final class AdminPath {
  private AdminPath() {}

  /** Where links on the way to {@code path} lead; empty where there are none, or it is missing. */
  static Optional<String> leadsTo(Path path) {
    try {
      Path real = path.toRealPath();
      return real.equals(path) ? Optional.empty() : Optional.of(real.toString());
    } catch (IOException missing) {
      return Optional.empty();
    }
  }

  static byte[] octets(Path path) {
    String text = path.toAbsolutePath().toUri().getRawPath();
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    int index = 0;
    while (index < text.length()) {
      if (text.charAt(index) == '%') {
        octets.write(Integer.parseInt(text.substring(index + 1, index + 3), 16));
        index += 3;
      } else {
        octets.write(text.charAt(index));
        index++;
      }
    }
    return withoutTrailingSlash(octets.toByteArray());
  }

  /** Java adds a slash to what is a directory just then. */
  private static byte[] withoutTrailingSlash(byte[] octets) {
    boolean slash = octets.length > 1 && octets[octets.length - 1] == '/';
    return slash ? Arrays.copyOf(octets, octets.length - 1) : octets;
  }
}
