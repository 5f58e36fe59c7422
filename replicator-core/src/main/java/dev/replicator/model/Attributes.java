package dev.replicator.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The metadata of an entry, apart from a file's modification time. Names the type it belongs to: a
 * directory never shows with the mode of the file that was there before.
 *
 * @param mode permission bits with setuid, setgid and sticky, 0 to 07777; 0777 for a symlink
 * @param extended extended attributes by name, POSIX ACLs among them as their raw xattr value
 */
public record Attributes(
    EntryType type, int mode, Principal owner, Principal group, SortedMap<String, Bytes> extended)
    implements Comparable<Attributes> {
  public static final int MODE_MASK = 07777;

  public Attributes {
    if (type == EntryType.ABSENT || (mode & ~MODE_MASK) != 0) {
      throw new IllegalArgumentException("attributes of type " + type + ", mode " + mode);
    }
    if (!fits(extended)) {
      throw new IllegalArgumentException(extended.size() + " extended attributes, too large");
    }
    extended.keySet().forEach(Attributes::validateName);
    extended =
        extended.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(extended));
  }

  public Attributes(EntryType type, int mode, Principal owner, Principal group) {
    this(type, mode, owner, group, Collections.emptySortedMap());
  }

  /** Whether so many of these lengths are within the limits. */
  public static boolean fits(SortedMap<String, Bytes> extended) {
    long length = 0;
    for (Map.Entry<String, Bytes> attribute : extended.entrySet()) {
      length += attribute.getKey().length() + attribute.getValue().length();
    }
    return extended.size() <= Limits.EXTENDED_ATTRIBUTES_MAX
        && length <= Limits.EXTENDED_ATTRIBUTES_BYTES_MAX;
  }

  private static void validateName(String name) {
    if (name.isEmpty() || name.length() > Limits.NAME_BYTES_MAX || name.indexOf(0) >= 0) {
      throw new IllegalArgumentException("extended attribute named '" + name + "'");
    }
  }

  /** An arbitrary total order over values, the last tie break of a deterministic choice. */
  @Override
  public int compareTo(Attributes other) {
    return toString().compareTo(other.toString());
  }
}
