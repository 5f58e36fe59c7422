package dev.replicator.linux;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.Stamp;
import dev.replicator.port.MetadataRules;
import dev.replicator.port.MetadataRules.SetId;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
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
   * the mode, and everything may set the time. When one of them fails, the others are put back:
   * half of what is asked may let in whom neither what was there nor what is asked does.
   */
  void apply(Descriptor object, Instant mtime, Attributes attributes) throws IOException {
    int number = object.number();
    Stamp before = PathCalls.status(number).stamp();
    boolean link = attributes.type() == EntryType.SYMLINK;
    SortedMap<String, Bytes> there = link ? ExtendedAttributes.NONE : extended.of(number);
    try {
      if (owners) {
        give(number, before, attributes.owner(), attributes.group());
      }
      if (!link) {
        extended.set(number, there, attributes.extended());
        PathCalls.changeMode(number, possible(number, attributes));
      }
      if (attributes.type().isTimed()) {
        PathCalls.setTime(number, mtime);
      }
    } catch (IOException failure) {
      restore(number, before, link ? Optional.empty() : Optional.of(there), failure);
      throw failure;
    }
  }

  /** In the order of {@link #apply}; what fails now is told beside the {@code first} failure. */
  private void restore(
      int number, Stamp before, Optional<SortedMap<String, Bytes>> attributes, IOException first) {
    try {
      Stamp now = PathCalls.status(number).stamp();
      if (now.uid() != before.uid() || now.gid() != before.gid()) {
        PathCalls.changeOwner(number, before.uid(), before.gid());
      }
      if (attributes.isPresent()) {
        extended.set(number, extended.of(number), attributes.get());
        PathCalls.changeMode(number, before.mode() & Attributes.MODE_MASK);
      }
    } catch (IOException second) {
      first.addSuppressed(second);
    }
  }

  /** The mode that goes with an access list lets in too many where there can be none. */
  private int possible(int number, Attributes asked) throws IOException {
    int mode = enforced(asked);
    Bytes list = asked.extended().get(AccessList.NAME);
    return list == null || extended.of(number).containsKey(AccessList.NAME)
        ? mode
        : AccessList.narrowed(mode, list);
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

  /**
   * Whether every attribute of {@code live} is as in {@code was} or as {@code asked}: what a crash
   * leaves of {@link #apply}.
   */
  boolean isBetween(Look.Found live, Materialised was, Attributes asked) {
    Stamp now = live.stamp();
    Stamp then = was.stamp();
    int uid = owners ? users.resolve(asked.owner(), then.uid(), unknownOwner) : then.uid();
    int gid = owners ? groups.resolve(asked.group(), then.gid(), unknownGroup) : then.gid();
    return (now.uid() == then.uid() || now.uid() == uid)
        && (now.gid() == then.gid() || now.gid() == gid)
        && isModeBetween(now.mode(), then.mode(), enforced(asked))
        && ExtendedAttributes.isBetween(
            live.attributes().extended(), was.actual().attributes().extended(), asked.extended());
  }

  /**
   * Set-id bits go by a change of owner; the others come at once, with the access list or after.
   */
  private static boolean isModeBetween(int now, int before, int asked) {
    int others = Attributes.MODE_MASK & ~SET_ID_BITS;
    boolean one = ((now ^ before) & others) == 0 || ((now ^ asked) & others) == 0;
    return one && (now & SET_ID_BITS & ~(before | asked)) == 0;
  }

  private void give(int number, Stamp there, Principal owner, Principal group) throws IOException {
    int uid = users.resolve(owner, there.uid(), unknownOwner);
    int gid = groups.resolve(group, there.gid(), unknownGroup);
    if (uid != there.uid() || gid != there.gid()) {
      PathCalls.changeOwner(
          number, uid == there.uid() ? AS_IT_IS : uid, gid == there.gid() ? AS_IT_IS : gid);
    }
  }
}
