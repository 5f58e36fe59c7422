package dev.replicator.linux;

import dev.replicator.model.Attributes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Principal;
import dev.replicator.model.Stamp;
import java.io.IOException;
import java.time.Instant;

/** Sets owner, extended attributes, mode and time of what is held, as far as this process may. */
final class Metadata {
  private static final int SET_ID_BITS = 06000;
  private static final int NOBODY = 65_534;
  private static final int AS_IT_IS = -1;

  private final Accounts users;
  private final Accounts groups;
  private final boolean owners;

  /**
   * @param probe a file of ours in a private directory, given away to learn what we may do
   */
  Metadata(Accounts users, Accounts groups, Descriptor probe) throws IOException {
    this.users = users;
    this.groups = groups;
    this.owners = mayGiveAway(probe);
  }

  private static boolean mayGiveAway(Descriptor probe) throws IOException {
    Stamp mine = PathCalls.status(probe.number()).stamp();
    try {
      PathCalls.changeOwner(probe.number(), NOBODY, NOBODY);
      PathCalls.changeOwner(probe.number(), mine.uid(), mine.gid());
      return mine.uid() != NOBODY;
    } catch (Errno mayNot) {
      return false;
    }
  }

  /** Whether files can be given to other users. */
  boolean owners() {
    return owners;
  }

  /**
   * Gives {@code object}, of the type of {@code attributes}, its owner, extended attributes, mode
   * and mtime, in this order: a change of owner takes set-id bits away, an access list sets bits of
   * the mode, and everything may set the time.
   */
  void apply(Descriptor object, Instant mtime, Attributes attributes) throws IOException {
    if (owners) {
      give(object, attributes.owner(), attributes.group());
    }
    if (attributes.type() != EntryType.SYMLINK) {
      ExtendedAttributes.set(object.number(), attributes.extended());
      PathCalls.changeMode(object.number(), enforced(attributes));
    }
    if (attributes.type() == EntryType.FILE) {
      PathCalls.setTime(object.number(), mtime);
    }
  }

  /** The mode that we set: a file never gets set-id bits from a peer. */
  static int enforced(Attributes attributes) {
    return attributes.type() == EntryType.FILE
        ? attributes.mode() & ~SET_ID_BITS
        : attributes.mode();
  }

  private void give(Descriptor object, Principal owner, Principal group) throws IOException {
    Stamp there = PathCalls.status(object.number()).stamp();
    int uid = users.resolve(owner).orElse(there.uid());
    int gid = groups.resolve(group).orElse(there.gid());
    if (uid != there.uid() || gid != there.gid()) {
      PathCalls.changeOwner(
          object.number(),
          uid == there.uid() ? AS_IT_IS : uid,
          gid == there.gid() ? AS_IT_IS : gid);
    }
  }
}
