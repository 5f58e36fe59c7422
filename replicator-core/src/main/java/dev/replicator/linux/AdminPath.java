package dev.replicator.linux;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;

/** The raw bytes of a path of Java's: only its URI tells them in every locale. */
final class AdminPath {
  private AdminPath() {}

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
