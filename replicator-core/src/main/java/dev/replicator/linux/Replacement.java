package dev.replicator.linux;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * The new directory is put together in staging: what was staged is moved in, what stays gets a
 * second name in there. Then both directories are exchanged in one step, and the old one is taken
 * apart in staging.
 */

/** Puts a directory with all that is in it in the place of the one that is there. */
final class Replacement {
  private static final int FOR_LISTING = PathCalls.READ | PathCalls.DIRECTORY;

  private final HeldRoot root;
  private final Inspector inspector;
  private final Staging staging;
  private final Exchange.Window window;
  private final GroupMember first;
  private final Map<RelativePath, GroupMember> members = new LinkedHashMap<>();

  /** Members of which the old directory holds what was expected. */
  private final Set<RelativePath> seen = new HashSet<>();

  /** What stays, by its second name. */
  private final Map<RelativePath, Stamp> carried = new HashMap<>();

  /** What is under the names of members in the new directory. */
  private final Map<RelativePath, Look.Found> placed = new HashMap<>();

  Replacement(
      HeldRoot root,
      Inspector inspector,
      Staging staging,
      Exchange.Window window,
      List<GroupMember> members) {
    this.root = root;
    this.inspector = inspector;
    this.staging = staging;
    this.window = window;
    this.first = members.getFirst();
    members.forEach(member -> this.members.put(member.path(), member));
  }

  /** Whether these are to take the place of a directory. */
  static boolean isWanted(List<GroupMember> members) {
    return isDirectoryExpected(members.getFirst());
  }

  static boolean isDirectoryExpected(GroupMember member) {
    return member
        .intent()
        .expected()
        .map(then -> then.entry() instanceof Entry.Directory)
        .orElse(false);
  }

  static boolean isPut(GroupMember member) {
    return member.intent().target().entry().isPresent();
  }

  /**
   * @param at where the directory is
   * @param top the new one, in staging, with everything that was staged in it
   */
  Arrived run(Place at, Descriptor top) throws TreeException, IOException {
    try (Descriptor old = at.open(FOR_LISTING)) {
      if (!isExpected(inspector.look(old), first)) {
        return new Arrived.Unexpected();
      }
      for (GroupMember member : members.values()) {
        if (!isPut(member)) {
          String unused = staging.freeAsideName(member.path(), member.intent());
        }
      }
      carry(old, Optional.of(top), first.path());
      requireAllSeen();
      for (GroupMember member : members.values()) {
        if (isPut(member)) {
          placed.put(member.path(), lookAt(top, member));
        }
      }
    } catch (Errno failure) {
      if (failure.isGone() || failure.number() == Errno.ENOTDIR) {
        return new Arrived.Unexpected();
      }
      throw failure;
    } catch (Differs differs) {
      return new Arrived.Unexpected();
    }
    window.beforeChange();
    at.exchange(staging, Staging.octets(first.intent().stagedName()));
    window.afterChange();
    return new Arrived.Done(dispersal().run());
  }

  private Dispersal dispersal() {
    return new Dispersal(root, inspector, staging, first, members, carried, placed);
  }

  /** Ends what a crash cut off; nothing happens unless the old directory waits in staging. */
  void resume() throws TreeException {
    dispersal().resume();
  }

  /** Something is not what was expected. */
  private static final class Differs extends IOException {
    private static final long serialVersionUID = 1;
  }

  private Look.Found lookAt(Descriptor top, GroupMember member) throws TreeException, IOException {
    if (member.equals(first)) {
      return Arrival.requireStaged(inspector.look(top), member);
    }
    try (Arrival.Within within = Arrival.within(top, first.path(), member.path())) {
      return Arrival.requireStaged(inspector.look(within.descriptor(), within.name()), member);
    }
  }

  private static boolean isExpected(Look look, GroupMember member) {
    return look instanceof Look.Found found
        && member.intent().expected().map(found::holds).orElse(false);
  }

  /**
   * Gives what stays its second name.
   *
   * @param to the same directory among the new ones; empty when there will be none
   */
  private void carry(Descriptor from, Optional<Descriptor> to, RelativePath directory)
      throws TreeException, IOException {
    for (byte[] name : Listing.names(from)) {
      RelativePath path = directory.child(name);
      @Nullable GroupMember member = members.get(path);
      if (member == null) {
        link(from, to, path);
      } else {
        if (!isExpected(inspector.look(from, name), member)) {
          throw new Differs();
        }
        seen.add(path);
        if (isDirectoryExpected(member)) {
          carryDirectory(from, to, member);
        }
      }
    }
  }

  /** Somebody deleted one that is missing: it is not put again before that is known. */
  private void requireAllSeen() throws Differs {
    for (GroupMember member : members.values()) {
      boolean here = member.intent().expected().isPresent() && !member.equals(first);
      if (here && !seen.contains(member.path())) {
        throw new Differs();
      }
    }
  }

  private void carryDirectory(Descriptor from, Optional<Descriptor> to, GroupMember member)
      throws TreeException, IOException {
    byte[] name = member.path().name();
    boolean stays = member.intent().target().entry() instanceof Entry.Directory && to.isPresent();
    try (Descriptor inner = PathCalls.openBeneath(from.number(), name, FOR_LISTING)) {
      if (!stays) {
        carry(inner, Optional.empty(), member.path());
        return;
      }
      int flags = PathCalls.LOCATE | PathCalls.DIRECTORY;
      try (Descriptor into = PathCalls.openBeneath(to.get().number(), name, flags)) {
        carry(inner, Optional.of(into), member.path());
      }
    }
  }

  private void link(Descriptor from, Optional<Descriptor> to, RelativePath path)
      throws TreeException, IOException {
    if (to.isEmpty()) {
      throw obstructed("a directory that is to go holds what is to stay");
    }
    Look look = inspector.look(from, path.name());
    boolean directory = look instanceof Look.Found found && found.type() == EntryType.DIRECTORY;
    if (directory || look instanceof Look.Special) {
      throw obstructed("what is neither a file nor a link cannot have two names: " + path);
    }
    PathCalls.link(from.number(), path.name(), to.get().number(), path.name());
    if (inspector.look(to.get(), path.name()) instanceof Look.Found second) {
      carried.put(path, second.stamp());
    }
  }

  static TreeException obstructed(String detail) {
    return new TreeException(new Problem(Kind.OBSTRUCTED, detail));
  }

  /** Removes the second names from a new directory that never took its place. */
  void takeBack(Descriptor top) throws TreeException, IOException {
    try (Descriptor listed = PathCalls.reopen(top.number(), FOR_LISTING)) {
      takeBack(listed, first.path(), dispersal());
    }
  }

  private void takeBack(Descriptor from, RelativePath directory, Dispersal dispersal)
      throws TreeException, IOException {
    for (byte[] name : Listing.names(from)) {
      RelativePath path = directory.child(name);
      if (members.containsKey(path)) {
        if (inspector.look(from, name) instanceof Look.Found found
            && found.type() == EntryType.DIRECTORY) {
          try (Descriptor inner = PathCalls.openBeneath(from.number(), name, FOR_LISTING)) {
            takeBack(inner, path, dispersal);
          }
        }
      } else if (inspector.look(from, name) instanceof Look.Found found
          && dispersal.isCarried(path, found.stamp())) {
        PathCalls.remove(from.number(), name, 0);
      } else {
        dispersal.moveTo(from, name, staging.freshName());
      }
    }
  }
}
