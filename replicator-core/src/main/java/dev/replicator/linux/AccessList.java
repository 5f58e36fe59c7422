package dev.replicator.linux;

import dev.replicator.model.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A POSIX ACL as the kernel gives it: a version, then a tag, rights and an id for each entry (
 * {@code linux/posix_acl_xattr.h}).
 */
final class AccessList {
  static final String NAME = "system.posix_acl_access";
  static final String DEFAULT_NAME = "system.posix_acl_default";

  private static final int USER = 0x02;
  private static final int OWNING_GROUP = 0x04;
  private static final int GROUP = 0x08;
  private static final int MASK = 0x10;
  private static final int RIGHTS = 07;
  private static final int GROUP_SHIFT = 3;

  private AccessList() {}

  /**
   * What is left of {@code mode} for a file that cannot have the list which that mode goes with:
   * then its bits of the group are the list's mask, and whom the list names counts as one of the
   * group or of the others. Nobody may do more than the list lets him; of one that cannot be read,
   * only the owner may do anything.
   */
  static int narrowed(int mode, Bytes list) {
    int others = RIGHTS;
    int group = RIGHTS;
    int mask = RIGHTS;
    boolean named = false;
    try {
      ByteBuffer entries = ByteBuffer.wrap(list.toArray()).order(ByteOrder.LITTLE_ENDIAN);
      entries.getInt();
      while (entries.hasRemaining()) {
        int tag = entries.getShort();
        int rights = entries.getShort() & RIGHTS;
        entries.getInt();
        switch (tag) {
          case USER, GROUP -> {
            named = true;
            group &= rights;
            others &= rights;
          }
          case OWNING_GROUP -> group &= rights;
          case MASK -> mask = rights;
          default -> {}
        }
      }
      group &= mask;
      others &= named ? mask : RIGHTS;
    } catch (BufferUnderflowException unreadable) {
      group = 0;
      others = 0;
    }
    return mode & (~(RIGHTS << GROUP_SHIFT | RIGHTS) | group << GROUP_SHIFT | others);
  }
}
