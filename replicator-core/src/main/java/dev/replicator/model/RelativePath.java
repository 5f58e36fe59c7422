package dev.replicator.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The raw bytes of a name below a root, components separated by '/'. The root itself is the empty
 * path; no other path has an empty, "." or ".." component, or a NUL.
 */
public final class RelativePath implements Comparable<RelativePath> {
  public static final RelativePath ROOT = new RelativePath(new byte[0]);

  private static final byte SEPARATOR = '/';

  private final byte[] octets;

  private RelativePath(byte[] octets) {
    this.octets = octets;
  }

  /**
   * Copies and validates {@code octets}.
   *
   * @throws IllegalArgumentException when a component is empty, ".", "..", longer than {@link
   *     Limits#NAME_BYTES_MAX} or holds a NUL, or the whole is longer than {@link
   *     Limits#PATH_BYTES_MAX} or deeper than {@link Limits#PATH_DEPTH_MAX}
   */
  public static RelativePath of(byte[] octets) {
    byte[] copy = octets.clone();
    validate(copy);
    return copy.length == 0 ? ROOT : new RelativePath(copy);
  }

  /** The path whose bytes are {@code text} in UTF-8; for command lines and tests. */
  public static RelativePath of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void validate(byte[] octets) {
    if (octets.length > Limits.PATH_BYTES_MAX) {
      throw new IllegalArgumentException("path longer than " + Limits.PATH_BYTES_MAX + " bytes");
    }
    if (octets.length == 0) {
      return;
    }
    int start = 0;
    int depth = 0;
    for (int index = 0; index <= octets.length; index++) {
      if (index == octets.length || octets[index] == SEPARATOR) {
        validateComponent(octets, start, index);
        depth++;
        start = index + 1;
      } else if (octets[index] == 0) {
        throw new IllegalArgumentException("path with a NUL");
      }
    }
    if (depth > Limits.PATH_DEPTH_MAX) {
      throw new IllegalArgumentException("path deeper than " + Limits.PATH_DEPTH_MAX);
    }
  }

  private static void validateComponent(byte[] octets, int start, int end) {
    int length = end - start;
    boolean dot = length == 1 && octets[start] == '.';
    boolean dotDot = length == 2 && octets[start] == '.' && octets[start + 1] == '.';
    if (length == 0 || dot || dotDot) {
      throw new IllegalArgumentException("path with an empty, '.' or '..' component");
    }
    if (length > Limits.NAME_BYTES_MAX) {
      throw new IllegalArgumentException("name longer than " + Limits.NAME_BYTES_MAX + " bytes");
    }
  }

  public boolean isRoot() {
    return octets.length == 0;
  }

  public int length() {
    return octets.length;
  }

  /** A copy of the raw bytes. */
  public byte[] toArray() {
    return octets.clone();
  }

  /** The child of this directory called {@code name}, one component of raw bytes. */
  public RelativePath child(byte[] name) {
    if (isRoot()) {
      return of(name);
    }
    byte[] joined = Arrays.copyOf(octets, octets.length + 1 + name.length);
    joined[octets.length] = SEPARATOR;
    System.arraycopy(name, 0, joined, octets.length + 1, name.length);
    return of(joined);
  }

  public RelativePath child(String name) {
    return child(name.getBytes(StandardCharsets.UTF_8));
  }

  /** The directory that holds this path; the root for a path of one component. */
  public RelativePath parent() {
    Invariant.check(!isRoot(), "the root has no parent");
    for (int index = octets.length - 1; index >= 0; index--) {
      if (octets[index] == SEPARATOR) {
        return new RelativePath(Arrays.copyOf(octets, index));
      }
    }
    return ROOT;
  }

  /** The raw bytes of the last component; empty for the root. */
  public byte[] name() {
    for (int index = octets.length - 1; index >= 0; index--) {
      if (octets[index] == SEPARATOR) {
        return Arrays.copyOfRange(octets, index + 1, octets.length);
      }
    }
    return octets.clone();
  }

  public int depth() {
    if (isRoot()) {
      return 0;
    }
    int depth = 1;
    for (byte octet : octets) {
      if (octet == SEPARATOR) {
        depth++;
      }
    }
    return depth;
  }

  /** Whether this is {@code ancestor} or lies below it. */
  public boolean isWithin(RelativePath ancestor) {
    if (ancestor.isRoot() || equals(ancestor)) {
      return true;
    }
    int length = ancestor.octets.length;
    return octets.length > length
        && octets[length] == SEPARATOR
        && Arrays.equals(octets, 0, length, ancestor.octets, 0, length);
  }

  /**
   * Where this is once the directory {@code from}, which it is or lies below, is at {@code to};
   * empty when no path may be so long or so deep.
   */
  public Optional<RelativePath> moved(RelativePath from, RelativePath to) {
    byte[] moved = new byte[octets.length - from.octets.length + to.octets.length];
    System.arraycopy(to.octets, 0, moved, 0, to.octets.length);
    System.arraycopy(
        octets, from.octets.length, moved, to.octets.length, octets.length - from.octets.length);
    RelativePath path = new RelativePath(moved);
    return moved.length <= Limits.PATH_BYTES_MAX && path.depth() <= Limits.PATH_DEPTH_MAX
        ? Optional.of(path)
        : Optional.empty();
  }

  /** The nearest directory above this, below the root, that is {@code wanted}. */
  public Optional<RelativePath> firstAbove(Predicate<RelativePath> wanted) {
    for (RelativePath above = this; above.depth() > 1; ) {
      above = above.parent();
      if (wanted.test(above)) {
        return Optional.of(above);
      }
    }
    return Optional.empty();
  }

  /** The path as text, when its bytes are UTF-8. */
  public Optional<String> text() {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }

  /**
   * One printable line for people and logs: control characters and bytes that are not UTF-8 as
   * \xNN. Never parsed back.
   */
  @Override
  public String toString() {
    Optional<String> text = text();
    if (text.isPresent() && text.get().chars().noneMatch(Character::isISOControl)) {
      return text.get();
    }
    StringBuilder escaped = new StringBuilder();
    for (byte octet : octets) {
      if (octet >= 0x20 && octet < 0x7f && octet != '\\') {
        escaped.append((char) octet);
      } else {
        escaped.append(String.format("\\x%02x", octet & 0xff));
      }
    }
    return escaped.toString();
  }

  /** By unsigned bytes, so that the descendants of a directory stand together. */
  @Override
  public int compareTo(RelativePath other) {
    return Arrays.compareUnsigned(octets, other.octets);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RelativePath that && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }
}
