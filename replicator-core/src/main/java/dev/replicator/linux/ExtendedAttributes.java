package dev.replicator.linux;

import dev.replicator.model.Bytes;
import dev.replicator.model.Limits;
import dev.replicator.port.MetadataRules.SetId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The extended attributes that are replicated: those of users, and POSIX ACLs as the kernel gives
 * them, with the numbers of users and groups in them as they are. File capabilities are only where
 * the root allows them. Our own mark of a root is none, nor are the attributes of security modules.
 * Names that are not UTF-8 stay on their machine.
 */
final class ExtendedAttributes {
  static final SortedMap<String, Bytes> NONE = Collections.emptySortedMap();

  private static final String USERS = "user.";
  private static final String OUR_OWN = "user.replicator.";
  private static final List<String> ACCESS_LISTS =
      List.of(AccessList.NAME, AccessList.DEFAULT_NAME);

  private static final String CAPABILITIES = "security.capability";

  private final SetId setId;

  ExtendedAttributes(SetId setId) {
    this.setId = setId;
  }

  private boolean isReplicated(String name) {
    return ACCESS_LISTS.contains(name)
        || setId == SetId.ALLOWED && name.equals(CAPABILITIES)
        || name.startsWith(USERS) && name.length() > USERS.length() && !name.startsWith(OUR_OWN);
  }

  private List<String> names(byte[] list) {
    List<String> names = new ArrayList<>();
    int start = 0;
    for (int index = 0; index < list.length; index++) {
      if (list[index] == 0) {
        text(list, start, index).filter(this::isReplicated).ifPresent(names::add);
        start = index + 1;
      }
    }
    return names;
  }

  private static Optional<String> text(byte[] octets, int from, int to) {
    try {
      ByteBuffer name = ByteBuffer.wrap(octets, from, to - from);
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(name).toString());
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  /** Those of the file or directory that is held. */
  SortedMap<String, Bytes> of(int descriptor) throws IOException {
    List<String> names = names(list(descriptor));
    if (names.isEmpty()) {
      return NONE;
    }
    SortedMap<String, Bytes> values = new TreeMap<>();
    long bytes = 0;
    for (String name : names) {
      try {
        Bytes value = Bytes.copyOf(PathCalls.attribute(descriptor, octets(name)));
        values.put(name, value);
        bytes += name.length() + value.length();
      } catch (Errno failure) {
        if (failure.number() != Errno.ENODATA) {
          throw failure;
        }
        // Taken away since the names were read.
      }
    }
    if (values.size() > Limits.EXTENDED_ATTRIBUTES_MAX
        || bytes > Limits.EXTENDED_ATTRIBUTES_BYTES_MAX) {
      throw new Errno(Errno.E2BIG, "getxattr");
    }
    return values;
  }

  private static byte[] list(int descriptor) throws Errno {
    try {
      return PathCalls.attributeNames(descriptor);
    } catch (Errno failure) {
      if (failure.number() == Errno.EOPNOTSUPP) {
        return new byte[0];
      }
      throw failure;
    }
  }

  private static byte[] octets(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Makes those of what is held, {@code there}, the {@code asked} ones, as far as the file system,
   * its limits and our rights go: who looks afterwards sees how far.
   *
   * @throws Errno ENOSPC or EDQUOT when one could not be put for want of room, and EIO or EROFS:
   *     then some may be as they were and others not
   */
  void set(int descriptor, SortedMap<String, Bytes> there, SortedMap<String, Bytes> asked)
      throws IOException {
    for (String name : there.keySet()) {
      if (!asked.containsKey(name)) {
        tolerate(descriptor, () -> PathCalls.removeAttribute(descriptor, octets(name)));
      }
    }
    for (Map.Entry<String, Bytes> attribute : asked.entrySet()) {
      String name = attribute.getKey();
      if (isReplicated(name) && !there.entrySet().contains(attribute)) {
        byte[] value = attribute.getValue().toArray();
        tolerate(descriptor, () -> PathCalls.setAttribute(descriptor, octets(name), value, 0));
      }
    }
  }

  /** A change of one attribute. */
  private interface Change {
    void run() throws Errno;
  }

  private static void tolerate(int descriptor, Change change) throws Errno {
    try {
      change.run();
    } catch (Errno refused) {
      boolean fatal =
          switch (refused.number()) {
            case Errno.EIO, Errno.EROFS, Errno.EDQUOT -> true;
            // One number for a full disk, and for a file that has more of them than is kept of one.
            case Errno.ENOSPC -> !DescriptorCalls.space(descriptor).leaves(0);
            default -> false;
          };
      if (fatal) {
        throw refused;
      }
    }
  }

  /** Whether each, or its absence, is as {@code before} or as {@code asked}. */
  static boolean isBetween(
      SortedMap<String, Bytes> now,
      SortedMap<String, Bytes> before,
      SortedMap<String, Bytes> asked) {
    TreeSet<String> names = new TreeSet<>(now.keySet());
    names.addAll(before.keySet());
    return names.stream()
        .allMatch(name -> {
          Optional<Bytes> value = Optional.ofNullable(now.get(name));
          // A change of owner takes capabilities away.
          return value.isEmpty() && name.equals(CAPABILITIES)
              || value.equals(Optional.ofNullable(before.get(name)))
              || value.equals(Optional.ofNullable(asked.get(name)));
        });
  }
}
