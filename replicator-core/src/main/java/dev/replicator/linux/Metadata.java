package dev.replicator.linux;

import dev.replicator.model.Attributes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.Stamp;
import dev.replicator.port.MetadataRules;
import dev.replicator.port.MetadataRules.SetId;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Sets owner, extended attributes, mode and time of what is held, as far as this process may. */
final class Metadata {
  private static final int SET_ID_BITS = 06000;

  /** Fits into an int. */
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private static final int AS_IT_IS = -1;

  private final Accounts users;
  private final Accounts groups;
  private final ExtendedAttributes extended;
  private final SetId setId;
  private final OptionalInt unknownOwner;
  private final OptionalInt unknownGroup;
  private final boolean owners;

  /**
   * @param probe a file of ours in a private directory, given away to learn what we may do
   */
  Metadata(
      Accounts users,
      Accounts groups,
      ExtendedAttributes extended,
      MetadataRules rules,
      Descriptor probe)
      throws TreeException, IOException {
    this.users = users;
    this.groups = groups;
    this.extended = extended;
    this.setId = rules.setId();
    this.unknownOwner = number(users, rules.unknownOwner(), "user");
    this.unknownGroup = number(groups, rules.unknownGroup(), "group");
    this.owners = mayGiveAway(probe);
  }

  /** Whom the administrator named, by name or number: never root. */
  private static OptionalInt number(Accounts accounts, Optional<String> named, String kind)
      throws TreeException {
    if (named.isEmpty()) {
      return OptionalInt.empty();
    }
    String name = named.get();
    OptionalInt number =
        NUMBER.matcher(name).matches()
            ? OptionalInt.of(Integer.parseInt(name))
            : accounts.byName(name);
    if (number.isEmpty() || number.getAsInt() == 0) {
      throw new TreeException(
          new Problem(Kind.REFUSED, "no " + kind + " of this machine but root: " + name));
    }
    return number;
  }

  private static boolean mayGiveAway(Descriptor probe) throws IOException {
    Stamp mine = PathCalls.status(probe.number()).stamp();
    try {
      PathCalls.changeOwner(probe.number(), Accounts.NOBODY, Accounts.NOBODY);
      PathCalls.changeOwner(probe.number(), mine.uid(), mine.gid());
      return mine.uid() != Accounts.NOBODY;
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
      extended.set(object.number(), attributes.extended());
      PathCalls.changeMode(object.number(), enforced(attributes));
    }
    if (attributes.type().isTimed()) {
      PathCalls.setTime(object.number(), mtime);
    }
  }

  /** The mode that we set: a file gets set-id bits from a peer only where that is allowed. */
  int enforced(Attributes attributes) {
    return attributes.type() == EntryType.FILE && setId == SetId.STRIPPED
        ? attributes.mode() & ~SET_ID_BITS
        : attributes.mode();
  }

  /** Whether a new file of ours that is given {@code asked} has this owner, group and mode. */
  boolean isGiven(Stamp live, Attributes asked) {
    int ours = DescriptorCalls.user();
    int uid = owners ? users.resolve(asked.owner(), ours, unknownOwner) : ours;
    int gid = owners ? groups.resolve(asked.group(), live.gid(), unknownGroup) : live.gid();
    return live.uid() == uid
        && live.gid() == gid
        && (live.mode() & Attributes.MODE_MASK) == enforced(asked);
  }

  private void give(Descriptor object, Principal owner, Principal group) throws IOException {
    Stamp there = PathCalls.status(object.number()).stamp();
    int uid = users.resolve(owner, there.uid(), unknownOwner);
    int gid = groups.resolve(group, there.gid(), unknownGroup);
    if (uid != there.uid() || gid != there.gid()) {
      PathCalls.changeOwner(
          object.number(),
          uid == there.uid() ? AS_IT_IS : uid,
          gid == there.gid() ? AS_IT_IS : gid);
    }
  }
}
