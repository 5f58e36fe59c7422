package dev.replicator.linux;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Put;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * What members replace goes where an exchange of each by itself would have left it, second names
 * go, and what nobody knew of - it came in the last moment - moves on into the new directory,
 * replacing nothing. A directory that was removed takes nothing any more: so the old one is taken
 * apart until its removal works, and who still is in it finds that he is nowhere.
 */

/** Takes a directory apart that gave way to another one and waits in staging under its name. */
final class Dispersal {
  private static final Logger log = LoggerFactory.getLogger(Dispersal.class);
  private static final int PASSES_MAX = 100;
  private static final int FOR_LISTING = PathCalls.READ | PathCalls.DIRECTORY;

  private final HeldRoot root;
  private final Inspector inspector;
  private final Staging staging;
  private final GroupMember first;
  private final Map<RelativePath, GroupMember> members;
  private final Map<RelativePath, Stamp> carried;
  private final Map<RelativePath, Look.Found> placed;

  /** How those ended that the old directory held. */
  private final Map<RelativePath, Exchanged> ended = new HashMap<>();

  /**
   * @param carried what the new directory took over, by its second name
   * @param placed what is under the names of members in the new directory
   */
  Dispersal(
      HeldRoot root,
      Inspector inspector,
      Staging staging,
      GroupMember first,
      Map<RelativePath, GroupMember> members,
      Map<RelativePath, Stamp> carried,
      Map<RelativePath, Look.Found> placed) {
    this.root = root;
    this.inspector = inspector;
    this.staging = staging;
    this.first = first;
    this.members = members;
    this.carried = carried;
    this.placed = placed;
  }

  /** Tells how each member ended. */
  List<Put> run() {
    takeApart();
    return puts();
  }

  private List<Put> puts() {
    List<Put> puts = new ArrayList<>();
    for (GroupMember member : members.values()) {
      Exchanged exchanged = ended.get(member.path());
      puts.add(new Put(member.path(), exchanged == null ? done(member, "") : exchanged));
    }
    return puts;
  }

  private Exchanged done(GroupMember member, String displaced) {
    Look.Found found = placed.get(member.path());
    return found == null
        ? new Exchanged.Removed(displaced)
        : new Exchanged.Done(
            found.stamp(), Exchange.actual(member.intent().target(), found), displaced);
  }

  private Exchanged overtaken(GroupMember member, Look.Found displaced, String name) {
    Look.Found found = placed.get(member.path());
    return found == null
        ? new Exchanged.Overtaken(Exchange.NO_STAMP, Target.ABSENT, displaced, name)
        : new Exchanged.Overtaken(
            found.stamp(), Exchange.actual(member.intent().target(), found), displaced, name);
  }

  /** What was done is never said to have failed: what cannot be taken apart stays in staging. */
  private void takeApart() {
    Map<RelativePath, Stamp> deleted = new HashMap<>(carried);
    try {
      String name = first.intent().stagedName();
      try (Descriptor old = open(name)) {
        disperse(old, first.path(), deleted);
      }
      for (GroupMember member : members.values()) {
        if (hasExpected(member) && !ended.containsKey(member.path())) {
          takenAway(member);
        }
      }
      for (Map.Entry<RelativePath, Stamp> each : deleted.entrySet()) {
        // Somebody deleted it in the last moment, by its first name.
        remove(each.getKey(), each.getValue());
      }
      endDispersal(name);
    } catch (TreeException failure) {
      log.error("{} stays in staging in part: {}", first.path(), failure.problem());
    } catch (IOException failure) {
      log.error("{} stays in staging in part: {}", first.path(), failure.toString());
    }
  }

  /**
   * Somebody took it away in the last moment. Nobody has what it held; and who deletes a file that
   * a peer touches deleted it, but one that a peer writes again stays.
   */
  private void takenAway(GroupMember member) throws IOException {
    ended.put(member.path(), new Exchanged.Unexpected());
    Look.Found put = placed.get(member.path());
    boolean same =
        member
            .intent()
            .expected()
            .map(then -> then.entry().equals(member.intent().target().entry()))
            .orElse(false);
    if (put != null && same) {
      remove(member.path(), put.stamp());
    }
  }

  private Descriptor open(String name) throws TreeException, IOException {
    return PathCalls.openBeneath(staging.directory().number(), Staging.octets(name), FOR_LISTING);
  }

  private Descriptor liveParent(RelativePath path) throws IOException {
    return root.open(path.parent(), PathCalls.LOCATE | PathCalls.DIRECTORY);
  }

  private void remove(RelativePath path, Stamp second) throws IOException {
    try (Descriptor parent = liveParent(path)) {
      if (inspector.look(parent, path.name()) instanceof Look.Found found
          && Staging.isSame(found.stamp(), second)) {
        PathCalls.remove(parent.number(), path.name(), 0);
      }
    } catch (Errno failure) {
      if (!failure.isGone()) {
        throw failure;
      }
    }
  }

  /** Ends what a crash cut off; nothing happens unless the old directory waits in staging. */
  void resume() throws TreeException {
    String name = first.intent().stagedName();
    Optional<Stamp> before = first.intent().expected().map(then -> then.stamp());
    if (before.isEmpty() || staging.find(name, before).isEmpty()) {
      return;
    }
    try {
      endDispersal(name);
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  private void endDispersal(String name) throws TreeException, IOException {
    for (int pass = 0; pass < PASSES_MAX; pass++) {
      if (staging.isRemoved(name)) {
        return;
      }
      try (Descriptor old = open(name)) {
        disperse(old, first.path(), new HashMap<>());
      }
    }
    throw Replacement.obstructed("it fills again and again");
  }

  /**
   * @param unseen what is found is taken out of it
   */
  private void disperse(Descriptor old, RelativePath directory, Map<RelativePath, Stamp> unseen)
      throws TreeException, IOException {
    for (byte[] name : Listing.names(old)) {
      RelativePath path = directory.child(name);
      Optional<GroupMember> member = Optional.ofNullable(members.get(path));
      switch (inspector.look(old, name)) {
        case Look.Gone gone -> {}
        case Look.RootLost lost -> {}
        case Look.Special special -> surprise(old, path, member);
        case Look.Found found -> {
          boolean isDirectory = found.type() == EntryType.DIRECTORY;
          boolean wasDirectory = member.map(Replacement::isDirectoryExpected).orElse(false);
          if (isDirectory && wasDirectory) {
            disperseDirectory(old, member.orElseThrow(), unseen);
          } else if (member.isPresent() && !isDirectory && hasExpected(member.get())) {
            moveAside(old, member.get());
          } else if (member.isEmpty() && isCarried(path, found.stamp())) {
            unseen.remove(path);
            PathCalls.remove(old.number(), name, 0);
          } else {
            unseen.remove(path);
            surprise(old, path, member);
          }
        }
      }
    }
  }

  private static boolean hasExpected(GroupMember member) {
    return member.intent().expected().isPresent() && !Replacement.isDirectoryExpected(member);
  }

  /** Whether the new directory has it, too. After a crash nobody remembers, but it can be seen. */
  boolean isCarried(RelativePath path, Stamp stamp) throws IOException {
    @Nullable Stamp second = carried.get(path);
    if (second != null) {
      return Staging.isSame(second, stamp);
    }
    try (Descriptor parent = liveParent(path)) {
      return inspector.look(parent, path.name()) instanceof Look.Found live
          && Staging.isSame(live.stamp(), stamp);
    } catch (Errno failure) {
      if (failure.isGone()) {
        return false;
      }
      throw failure;
    }
  }

  private void disperseDirectory(
      Descriptor old, GroupMember member, Map<RelativePath, Stamp> unseen)
      throws TreeException, IOException {
    byte[] name = member.path().name();
    try (Descriptor inner = PathCalls.openBeneath(old.number(), name, FOR_LISTING)) {
      disperse(inner, member.path(), unseen);
    }
    try {
      PathCalls.remove(old.number(), name, PathCalls.REMOVE_DIRECTORY);
    } catch (Errno full) {
      boolean goes = !(member.intent().target().entry() instanceof Entry.Directory);
      if (goes && full.number() == Errno.ENOTEMPTY) {
        // Somebody put something into what was to go.
        surprise(old, member.path(), Optional.of(member));
      } else if (full.number() != Errno.ENOTEMPTY) {
        throw full;
      }
    }
  }

  /** Where an exchange of this path alone would have left what gave way. */
  private void moveAside(Descriptor old, GroupMember member) throws TreeException, IOException {
    RelativePath path = member.path();
    String aside =
        Replacement.isPut(member)
            ? member.intent().stagedName()
            : Staging.asideName(path, member.intent());
    PathCalls.rename(
        old.number(),
        path.name(),
        staging.directory().number(),
        Staging.octets(aside),
        PathCalls.REPLACE_NOTHING);
    if (!(staging.look(aside) instanceof Look.Found found)) {
      return;
    }
    boolean untouched =
        member.intent().expected().map(then -> Exchange.isUntouched(found, then)).orElse(false);
    if (!untouched) {
      ended.put(path, overtaken(member, found, aside));
    } else if (found.type() == EntryType.FILE) {
      ended.put(path, done(member, aside));
    } else {
      staging.drop(aside);
      ended.put(path, done(member, ""));
    }
  }

  /** Somebody put it there in the last moment: it is to be found where he put it. */
  private void surprise(Descriptor old, RelativePath path, Optional<GroupMember> member)
      throws TreeException, IOException {
    if (member.isPresent()) {
      ended.put(path, new Exchanged.Unexpected());
    }
    try (Descriptor parent = liveParent(path)) {
      PathCalls.rename(
          old.number(), path.name(), parent.number(), path.name(), PathCalls.REPLACE_NOTHING);
    } catch (Errno failure) {
      switch (failure.number()) {
        case Errno.EEXIST -> bothThere(old, path, member);
        // Its directory is to go: that goes back for it.
        case Errno.ENOENT, Errno.ENOTDIR -> {}
        default -> throw failure;
      }
    }
  }

  private void bothThere(Descriptor old, RelativePath path, Optional<GroupMember> member)
      throws TreeException, IOException {
    byte[] name = path.name();
    boolean isDirectory =
        inspector.look(old, name) instanceof Look.Found found
            && found.type() == EntryType.DIRECTORY;
    try (Descriptor parent = liveParent(path)) {
      boolean ours =
          inspector.look(parent, name) instanceof Look.Found live && isOurs(path, live.stamp());
      if (ours) {
        PathCalls.rename(old.number(), name, parent.number(), name, PathCalls.EXCHANGE);
        moveOut(old, path, member);
      } else if (isDirectory) {
        try (Descriptor inner = PathCalls.openBeneath(old.number(), name, FOR_LISTING)) {
          disperse(inner, path, new HashMap<>());
        }
        PathCalls.remove(old.number(), name, PathCalls.REMOVE_DIRECTORY);
      } else {
        // Two in turn by others: the later stays, and the next start keeps this one in the vault.
        moveTo(old, name, staging.freshName());
      }
    }
  }

  /** Whether what is there now is what this put there. */
  private boolean isOurs(RelativePath path, Stamp live) {
    @Nullable Stamp second = carried.get(path);
    Look.Found put = placed.get(path);
    return (second != null && Staging.isSame(second, live))
        || (put != null && Staging.isSame(put.stamp(), live));
  }

  /** What was exchanged back is dropped when it is ours, and kept when somebody replaced it. */
  private void moveOut(Descriptor old, RelativePath path, Optional<GroupMember> member)
      throws TreeException, IOException {
    byte[] name = path.name();
    if (!(inspector.look(old, name) instanceof Look.Found found) || !isOurs(path, found.stamp())) {
      moveTo(old, name, staging.freshName());
    } else if (member.isPresent()) {
      moveTo(old, name, member.get().intent().stagedName());
    } else {
      PathCalls.remove(old.number(), name, 0);
    }
  }

  void moveTo(Descriptor old, byte[] name, String staged) throws TreeException, IOException {
    PathCalls.rename(
        old.number(),
        name,
        staging.directory().number(),
        Staging.octets(staged),
        PathCalls.REPLACE_NOTHING);
  }
}
