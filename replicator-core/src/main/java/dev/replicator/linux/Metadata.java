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
  private static final int PERMISSIONS = 0777;

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
    boolean listed =
        there.containsKey(AccessList.NAME) || attributes.extended().containsKey(AccessList.NAME);
    try {
      boolean given = owners && give(number, before, attributes.owner(), attributes.group());
      if (!link) {
        boolean stale = given && !there.isEmpty();
        extended.set(number, stale ? extended.of(number) : there, attributes.extended());
        PathCalls.changeMode(
            number, listed ? mode(attributes, extended.of(number)) : enforced(attributes));
      }
      if (attributes.type().isTimed()) {
        PathCalls.setTime(number, mtime);
      }
    } catch (IOException failure) {
      restore(number, before, link ? Optional.empty() : Optional.of(there), listed, failure);
      throw failure;
    }
  }

  /**
   * In the order of {@link #apply}; what fails now is told beside the {@code first} failure. What
   * somebody else changed meanwhile stays: without an access list we took nothing but set-id bits.
   */
  private void restore(
      int number,
      Stamp before,
      Optional<SortedMap<String, Bytes>> attributes,
      boolean listed,
      IOException first) {
    try {
      Stamp now = PathCalls.status(number).stamp();
      if (now.uid() != before.uid() || now.gid() != before.gid()) {
        PathCalls.changeOwner(number, before.uid(), before.gid());
      }
      if (attributes.isPresent()) {
        try {
          extended.set(number, extended.of(number), attributes.get());
        } finally {
          restoreMode(number, before, listed);
        }
      }
    } catch (IOException second) {
      first.addSuppressed(second);
    }
  }

  private static void restoreMode(int number, Stamp before, boolean listed) throws IOException {
    int now = PathCalls.status(number).stamp().mode() & Attributes.MODE_MASK;
    int former = before.mode() & Attributes.MODE_MASK;
    int restored = listed ? former : now & ~SET_ID_BITS | former & SET_ID_BITS;
    if (restored != now) {
      PathCalls.changeMode(number, restored);
    }
  }

  /** The mode for what has {@code there}: one that goes with an access list lets in too many. */
  private int mode(Attributes asked, SortedMap<String, Bytes> there) {
    int mode = enforced(asked);
    Bytes list = asked.extended().get(AccessList.NAME);
    return list == null || there.containsKey(AccessList.NAME)
        ? mode
        : AccessList.narrowed(mode, list);
  }

  /** The mode that we set: a file gets set-id bits from a peer only where that is allowed. */
  private int enforced(Attributes attributes) {
    return attributes.type() == EntryType.FILE && setId == SetId.STRIPPED
        ? attributes.mode() & ~SET_ID_BITS
        : attributes.mode();
  }

  /** Whether {@code live} has the mode that it gets when it is given {@code asked}. */
  boolean hasMode(Look.Found live, Attributes asked) {
    return live.attributes().mode() == mode(asked, live.attributes().extended());
  }

  /** Whether a new file of ours that is given {@code asked} has this owner, group and mode. */
  boolean isGiven(Look.Found live, Attributes asked) {
    int ours = DescriptorCalls.user();
    Stamp stamp = live.stamp();
    int uid = owners ? users.resolve(asked.owner(), ours, unknownOwner) : ours;
    int gid = owners ? groups.resolve(asked.group(), stamp.gid(), unknownGroup) : stamp.gid();
    return stamp.uid() == uid && stamp.gid() == gid && hasMode(live, asked);
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
        && (isModeBetween(now.mode(), then.mode(), enforced(asked)) || hasMode(live, asked))
        && ExtendedAttributes.isBetween(
            live.attributes().extended(), was.actual().attributes().extended(), asked.extended());
  }

  /** Permissions come at once, with an access list or after it; set-id bits may be gone. */
  private static boolean isModeBetween(int now, int before, int asked) {
    boolean one = ((now ^ before) & PERMISSIONS) == 0 || ((now ^ asked) & PERMISSIONS) == 0;
    return one && (now & Attributes.MODE_MASK & ~PERMISSIONS & ~(before | asked)) == 0;
  }

  /** Whether that changed anything. */
  private boolean give(int number, Stamp there, Principal owner, Principal group)
      throws IOException {
    int uid = users.resolve(owner, there.uid(), unknownOwner);
    int gid = groups.resolve(group, there.gid(), unknownGroup);
    boolean another = uid != there.uid() || gid != there.gid();
    if (another) {
      PathCalls.changeOwner(
          number, uid == there.uid() ? AS_IT_IS : uid, gid == there.gid() ? AS_IT_IS : gid);
    }
    return another;
  }
}
