package dev.replicator.linux;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Limits;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The new directory is put together in staging: what was staged is moved in. All that is in the old
 * one is looked at; what stays gets a second name in the new one. Then both are exchanged in one
 * step, and the old one is taken apart in staging.
 */

/** Puts a directory with all that is in it in the place of the one that is there. */
final class Replacement {
  private static final Logger log = LoggerFactory.getLogger(Replacement.class);
  static final int DEPTH_MAX = 200;
  private static final int FOR_LISTING = PathCalls.READ | PathCalls.DIRECTORY;

  private final Inspector inspector;
  private final Staging staging;
  private final Metadata metadata;
  private final Exchange.Window window;
  private final Successor successor;
  private final GroupMember first;
  private final Map<RelativePath, GroupMember> members = new LinkedHashMap<>();

  /** Members of which the old directory holds what was expected. */
  private final Set<RelativePath> seen = new HashSet<>();

  /** What is to get a second name. */
  private final List<RelativePath> staying = new ArrayList<>();

  /** What is under the names of members in the new directory. */
  private final Map<RelativePath, Look.Found> placed = new HashMap<>();

  Replacement(
      HeldRoot root,
      Inspector inspector,
      Staging staging,
      Metadata metadata,
      Exchange.Window window,
      List<GroupMember> members) {
    this.successor = new Successor(root, inspector, staging);
    this.inspector = inspector;
    this.staging = staging;
    this.metadata = metadata;
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

  static boolean isDirectoryPut(GroupMember member) {
    return member.intent().target().entry() instanceof Entry.Directory;
  }

  /**
   * @param at where the directory is
   * @param top the new one, in staging, with everything that was staged in it
   */
  Arrived run(Place at, Descriptor top) throws TreeException, IOException {
    String name = first.intent().stagedName();
    try {
      if (!isGathered(at, top)) {
        return new Arrived.Unexpected();
      }
      window.beforeChange();
      at.exchange(staging, Staging.octets(name));
    } catch (Errno failure) {
      if (failure.isGone() || failure.number() == Errno.ENOTDIR) {
        return new Arrived.Unexpected();
      }
      throw failure;
    }
    window.afterChange();
    return isOldOut() ? dispersal().run() : putBack(at);
  }

  /** What cannot be looked at is left alone by who takes it apart. */
  private boolean isOldOut() {
    try {
      return staging.find(first.intent().stagedName(), before()).isPresent();
    } catch (TreeException unseen) {
      return true;
    }
  }

  private Optional<Stamp> before() {
    return first.intent().expected().map(then -> then.stamp());
  }

  /**
   * Somebody put something else in the place of the directory in the last moment: that goes back.
   */
  private Arrived putBack(Place at) {
    try {
      giveBack(at);
    } catch (TreeException | IOException failure) {
      log.error("cannot put back what {} was: {}", first.path(), failure.toString());
    }
    return new Arrived.Unexpected();
  }

  private void giveBack(Place at) throws TreeException, IOException {
    String name = first.intent().stagedName();
    try {
      at.exchange(staging, Staging.octets(name));
    } catch (Errno failure) {
      if (failure.number() != Errno.ENOENT) {
        throw failure;
      }
      at.create(staging, Staging.octets(name));
    }
    if (staging.find(name, Optional.empty()).isPresent()
        && staging.find(name, first.intent().staged()).isEmpty()) {
      log.error(
          "{} was replaced twice meanwhile; {} in staging is one of both", first.path(), name);
    }
  }

  /** Whether the new directory is whole, and the old one is what was expected. */
  private boolean isGathered(Place at, Descriptor top) throws TreeException, IOException {
    try (Descriptor old = at.open(FOR_LISTING)) {
      if (!isExpected(inspector.look(old), first)) {
        return false;
      }
      for (GroupMember member : members.values()) {
        requireOwner(member);
        if (!isPut(member)) {
          String unused = staging.freeAsideName(member.path(), member.intent());
        }
      }
      if (!isAsExpected(old, first) || !areAllSeen()) {
        return false;
      }
      for (RelativePath path : staying) {
        link(old, top, path);
      }
    }
    for (GroupMember member : members.values()) {
      if (isPut(member)) {
        Look.Found found = lookAt(top, member);
        placed.put(member.path(), found);
        successor.put(member.path(), found.stamp());
      }
    }
    return true;
  }

  private Dispersal dispersal() {
    return new Dispersal(inspector, staging, metadata, first, members, successor, placed);
  }

  /**
   * Ends what a crash cut off; nothing happens unless the old directory waits in staging.
   *
   * @param stayed what the journal knows of it, and is no member
   */
  void resume(Map<RelativePath, Stamp> stayed) throws TreeException {
    if (before().isEmpty() || staging.find(first.intent().stagedName(), before()).isEmpty()) {
      return;
    }
    stayed.forEach(successor::put);
    for (GroupMember member : members.values()) {
      member.intent().staged().ifPresent(stamp -> successor.put(member.path(), stamp));
    }
    dispersal().resume();
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

  /** Looks through a directory before anything is done to what is in it. */
  private boolean isAsExpected(Descriptor directory, GroupMember of)
      throws TreeException, IOException {
    for (byte[] name : Listing.names(directory)) {
      RelativePath path = of.path().child(name);
      requireDepth(path);
      @Nullable GroupMember member = members.get(path);
      Look look = inspector.look(directory, name);
      if (member == null) {
        requireTwoNames(look, path, of);
        requireNoWriter(directory, path);
        staying.add(path);
      } else if (!isExpected(look, member)) {
        return false;
      } else {
        seen.add(path);
        if (isDirectoryExpected(member)) {
          try (Descriptor inner = PathCalls.openBeneath(directory.number(), name, FOR_LISTING)) {
            if (!isAsExpected(inner, member)) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  /** Without the right to give it away a directory would change hands. */
  private void requireOwner(GroupMember member) throws TreeException {
    Optional<Stamp> then = member.intent().expected().map(was -> was.stamp());
    Optional<Stamp> fresh = member.intent().staged();
    boolean other =
        isDirectoryExpected(member)
            && then.isPresent()
            && fresh.isPresent()
            && (then.get().uid() != fresh.get().uid() || then.get().gid() != fresh.get().gid());
    if (other && !metadata.owners()) {
      throw obstructed("directories cannot be given to their owners: " + member.path());
    }
  }

  private void requireTwoNames(Look look, RelativePath path, GroupMember directory)
      throws TreeException {
    boolean two = look instanceof Look.Found found && found.type() != EntryType.DIRECTORY;
    if (!two) {
      throw obstructed("what is neither a file nor a link cannot have two names: " + path);
    }
    if (!isDirectoryPut(directory)) {
      throw obstructed("a directory that is to go holds what is to stay: " + path);
    }
    if (staying.size() == Limits.GROUP_MEMBERS_MAX) {
      throw obstructed("more files than can be given second names");
    }
  }

  /**
   * Of what is written through a descriptor from before events tell under the name that it had
   * then, and that goes to staging.
   */
  private static void requireNoWriter(Descriptor directory, RelativePath path)
      throws TreeException, IOException {
    try (Descriptor file =
        PathCalls.openBeneath(directory.number(), path.name(), PathCalls.LOCATE)) {
      if (Reading.isFile(file) && Lease.isRefused(file)) {
        throw obstructed("somebody has what is to stay open for writing: " + path);
      }
    }
  }

  /** Somebody deleted one that is missing: it is not put again before that is known. */
  private boolean areAllSeen() {
    return members.values().stream()
        .allMatch(member ->
            member.equals(first)
                || member.intent().expected().isEmpty()
                || seen.contains(member.path()));
  }

  private void link(Descriptor old, Descriptor top, RelativePath path) throws IOException {
    try (Arrival.Within from = Arrival.within(old, first.path(), path);
        Arrival.Within to = Arrival.within(top, first.path(), path)) {
      byte[] name = path.name();
      PathCalls.link(from.descriptor().number(), name, to.descriptor().number(), name);
      if (inspector.look(to.descriptor(), name) instanceof Look.Found second) {
        successor.put(path, second.stamp());
      }
    }
  }

  /** Deeper ones would be taken apart with a descriptor and a frame for each level. */
  private void requireDepth(RelativePath path) throws TreeException {
    if (path.depth() - first.path().depth() > DEPTH_MAX) {
      throw obstructed("deeper than " + DEPTH_MAX + " directories");
    }
  }

  private static TreeException obstructed(String detail) {
    return new TreeException(new Problem(Kind.OBSTRUCTED, detail));
  }

  /** Whether its parts may be moved into the new directory. */
  void requireShallow() throws TreeException {
    for (RelativePath path : members.keySet()) {
      requireDepth(path);
    }
  }

  /** Removes the second names from a new directory that never took its place. */
  void takeBack(Descriptor top) throws TreeException, IOException {
    if (staging.find(first.intent().stagedName(), first.intent().staged()).isEmpty()) {
      return;
    }
    try (Descriptor listed = PathCalls.reopen(top.number(), FOR_LISTING)) {
      takeBack(listed, first.path());
    }
  }

  private void takeBack(Descriptor from, RelativePath directory) throws TreeException, IOException {
    for (byte[] name : Listing.names(from)) {
      RelativePath path = directory.child(name);
      Look look = inspector.look(from, name);
      if (members.containsKey(path)) {
        if (look instanceof Look.Found found && found.type() == EntryType.DIRECTORY) {
          try (Descriptor inner = PathCalls.openBeneath(from.number(), name, FOR_LISTING)) {
            takeBack(inner, path);
          }
        }
      } else if (look instanceof Look.Found found && isSecond(path, found.stamp())) {
        PathCalls.remove(from.number(), name, 0);
      } else {
        staging.take(from, name, staging.freshName());
      }
    }
  }

  /** Whether the first name is there; after a crash nobody remembers, but it can be seen. */
  private boolean isSecond(RelativePath path, Stamp stamp) throws IOException {
    return successor.isOurs(path, stamp) || successor.isThere(path, stamp);
  }
}
