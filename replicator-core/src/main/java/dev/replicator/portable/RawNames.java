package dev.replicator.portable;

import dev.replicator.model.Bytes;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Names of the default file system, whose bytes need not be text.
 *
 * <p>A {@code Path} keeps raw bytes, but only a URI gives them in and out: strings lose what the
 * locale cannot decode, and under {@code LC_ALL=C} that is every byte above 127. Plain ASCII,
 * nearly all names, takes the short way through strings.
 */
final class RawNames implements Names {
  /**
   * {@code Path.toUri} stats what it names; below a directory that cannot exist this costs next to
   * nothing and touches no one's files.
   */
  private static final Path NOWHERE = Path.of("/\u0001");

  private static final String NOWHERE_URI = "/%01/";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final Path root;
  private final String rootUri;

  RawNames(Path root) {
    this.root = root.toAbsolutePath();
    String uri = this.root.toUri().toString();
    this.rootUri = uri.endsWith("/") ? uri : uri + "/";
  }

  @Override
  public boolean raw() {
    return true;
  }

  @Override
  public Path path(RelativePath path) {
    if (path.isRoot()) {
      return root;
    }
    byte[] octets = path.toArray();
    if (isAscii(octets)) {
      return root.resolve(new String(octets, StandardCharsets.US_ASCII));
    }
    return Path.of(URI.create(rootUri + encode(octets)));
  }

  @Override
  public byte[] octets(Path relative) {
    String text = relative.toString();
    if (isAscii(text)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    String raw = NOWHERE.resolve(relative).toUri().getRawPath();
    return decode(raw.substring(NOWHERE_URI.length()));
  }

  @Override
  public Path linkText(Bytes text) throws TreeException {
    byte[] octets = text.toArray();
    if (hasIdleSlash(octets)) {
      throw new TreeException(
          new Problem(
              Problem.Kind.UNSUPPORTED, "Java cannot write a link text with an idle slash"));
    }
    if (isAscii(octets)) {
      return root.getFileSystem().getPath(new String(octets, StandardCharsets.US_ASCII));
    }
    if (octets[0] == '/') {
      return Path.of(URI.create("file://" + encode(octets)));
    }
    Path absolute = Path.of(URI.create("file:///" + encode(octets)));
    return absolute.subpath(0, absolute.getNameCount());
  }

  @Override
  public Bytes linkText(Path target) {
    String text = target.toString();
    if (isAscii(text)) {
      return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
    }
    int slashes = 0;
    while (text.charAt(slashes) == '/') {
      slashes++;
    }
    byte[] rest = octets(target.subpath(0, target.getNameCount()));
    byte[] whole = new byte[slashes + rest.length];
    java.util.Arrays.fill(whole, 0, slashes, (byte) '/');
    System.arraycopy(rest, 0, whole, slashes, rest.length);
    return Bytes.copyOf(whole);
  }

  /** Whether Java would drop a slash of it: doubled, or at the end. */
  private static boolean hasIdleSlash(byte[] octets) {
    for (int index = 1; index < octets.length; index++) {
      boolean last = index == octets.length - 1;
      if (octets[index] == '/' && (last || octets[index - 1] == '/')) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAscii(byte[] octets) {
    for (byte octet : octets) {
      if (octet < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(String text) {
    for (int index = 0; index < text.length(); index++) {
      if (text.charAt(index) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static String encode(byte[] octets) {
    StringBuilder encoded = new StringBuilder(octets.length * 2);
    for (byte octet : octets) {
      if (isPlain(octet)) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append(HEX.toHexDigits(octet));
      }
    }
    return encoded.toString();
  }

  private static boolean isPlain(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || octet == '/'
        || octet == '.'
        || octet == '-'
        || octet == '_';
  }

  private static byte[] decode(String encoded) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length());
    for (int index = 0; index < encoded.length(); index++) {
      char character = encoded.charAt(index);
      if (character == '%') {
        decoded.write(HexFormat.fromHexDigits(encoded, index + 1, index + 3));
        index += 2;
      } else {
        decoded.write(character);
      }
    }
    return decoded.toByteArray();
  }
}
