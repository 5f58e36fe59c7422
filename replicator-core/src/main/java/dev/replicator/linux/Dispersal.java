package dev.replicator.linux;

import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Put;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The exchange is done and stays done. What members replace goes where an exchange of each by
 * itself would have left it, second names go, and what nobody knew of - it came in the last moment
 * - moves on into the new directory, replacing nothing that is not ours. What has nowhere to go is
 * kept in staging, file by file, for the vault. A failure stops one name only. A directory that was
 * removed takes nothing any more: so the old one is taken apart until its removal works, and who
 * still is in it finds that he is nowhere.
 */

/** Takes a directory apart that gave way to another one and waits in staging under its name. */
final class Dispersal {
  private static final Logger log = LoggerFactory.getLogger(Dispersal.class);
  private static final int PASSES_MAX = 100;

  /** Below the directory that gave way; what somebody made below that is kept, not moved on. */
  private static final int DEPTH_MAX = 2 * Replacement.DEPTH_MAX;

  private static final int FOR_LISTING = PathCalls.READ | PathCalls.DIRECTORY;

  private final Inspector inspector;
  private final Staging staging;
  private final Metadata metadata;
  private final GroupMember first;
  private final Map<RelativePath, GroupMember> members;
  private final Successor successor;
  private final Map<RelativePath, Look.Found> placed;

  /** How those ended that the old directory held. */
  private final Map<RelativePath, Exchanged> ended = new HashMap<>();

  /** What was found in the old directory. */
  private final Set<RelativePath> met = new HashSet<>();

  private boolean failed;
  private int steps;

  /**
   * @param placed what is under the names of members in the new one; after a crash nothing
   */
  Dispersal(
      Inspector inspector,
      Staging staging,
      Metadata metadata,
      GroupMember first,
      Map<RelativePath, GroupMember> members,
      Successor successor,
      Map<RelativePath, Look.Found> placed) {
    this.inspector = inspector;
    this.staging = staging;
    this.metadata = metadata;
    this.first = first;
    this.members = members;
    this.successor = successor;
    this.placed = placed;
  }

  /** Tells how each member ended. */
  Arrived.Done run() {
    try {
      resume();
      if (!failed) {
        followRemovals();
      }
    } catch (RuntimeException broken) {
      log.error("{} stays in staging in part", first.path(), broken);
    }
    List<Put> puts = new ArrayList<>();
    for (GroupMember member : members.values()) {
      // What was not found is nowhere that the vault would find it.
      Exchanged untold = hadContent(member) ? new Exchanged.Unexpected() : done(member, "");
      puts.add(new Put(member.path(), ended.getOrDefault(member.path(), untold)));
    }
    return new Arrived.Done(puts, successor.kept());
  }

  /** The same after a crash; how each member ended is then told by where everything is. */
  void resume() {
    String name = first.intent().stagedName();
    try {
      boolean goesOn = true;
      for (int pass = 0; pass < PASSES_MAX && goesOn && !failed; pass++) {
        int before = steps;
        try (Descriptor old =
            PathCalls.openBeneath(
                staging.directory().number(), Staging.octets(name), FOR_LISTING)) {
          if (!(inspector.look(old) instanceof Look.Found found)
              || !isExpectedDirectory(found, first)) {
            failed = true;
            log.error("{} in staging is not what {} was", name, first.path());
            return;
          }
          disperse(old, first.path());
          keepMetadata(old, first);
        }
        goesOn = !staging.isRemoved(name) && steps > before;
      }
      if (staging.find(name, Optional.empty()).isPresent()) {
        successor.kept().addAll(staging.flatten(name));
      }
    } catch (TreeException | IOException failure) {
      failed(first.path(), failure);
    }
  }

  private void failed(RelativePath path, Exception failure) {
    failed = true;
    log.error("{} stays in staging, to be kept by the next start: {}", path, failure.toString());
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

  private static boolean hadContent(GroupMember member) {
    return member.intent().expected().isPresent() && !Replacement.isDirectoryExpected(member);
  }

  private void disperse(Descriptor old, RelativePath directory) throws IOException {
    for (byte[] name : Listing.names(old)) {
      RelativePath path = directory.child(name);
      try {
        disperseOne(old, path);
      } catch (Errno failure) {
        if (failure.isGone()) {
          // Somebody was quicker.
          met.remove(path);
        } else {
          failed(path, failure);
        }
      } catch (TreeException | IOException failure) {
        failed(path, failure);
      }
    }
  }

  private void disperseOne(Descriptor old, RelativePath path) throws TreeException, IOException {
    Optional<GroupMember> member = Optional.ofNullable(members.get(path));
    Look look = inspector.look(old, path.name());
    if (look instanceof Look.Gone) {
      return;
    }
    met.add(path);
    if (path.depth() - first.path().depth() > DEPTH_MAX) {
      setAside(old, path);
    } else if (!(look instanceof Look.Found found)) {
      surprise(old, path, look);
    } else if (found.type() == EntryType.DIRECTORY) {
      if (member.isPresent() && isExpectedDirectory(found, member.get())) {
        disperseDirectory(old, member.get(), look);
      } else {
        surprise(old, path, look);
      }
    } else if (member.isPresent() && hadContent(member.get()) && !ended.containsKey(path)) {
      moveAside(old, member.get(), look);
    } else if (member.isEmpty()
        && (successor.isOurs(path, found.stamp()) || successor.isThere(path, found.stamp()))) {
      dropSecond(old, path);
    } else {
      surprise(old, path, look);
    }
  }

  /**
   * Never the last name: somebody may have removed the other one. And never by a look at where
   * somebody may put another file a moment later.
   */
  private void dropSecond(Descriptor old, RelativePath path) throws TreeException, IOException {
    String aside = staging.freshName();
    staging.take(old, path.name(), aside);
    steps++;
    Optional<Look.Found> found = staging.find(aside, Optional.empty());
    if (found.isPresent() && successor.isThere(path, found.get().stamp())) {
      staging.discard(aside);
    } else if (found.isPresent() && successor.isOurs(path, found.get().stamp())) {
      successor.keep(aside, path);
    } else {
      // His, of this very moment: it is found there again.
      successor.giveBack(aside, old, path);
    }
  }

  private static boolean isExpectedDirectory(Look.Found found, GroupMember member) {
    return Replacement.isDirectoryExpected(member)
        && member
            .intent()
            .expected()
            .map(then -> Staging.isSame(then.stamp(), found.stamp()))
            .orElse(false);
  }

  private void disperseDirectory(Descriptor old, GroupMember member, Look look)
      throws TreeException, IOException {
    byte[] name = member.path().name();
    try (Descriptor inner = PathCalls.openBeneath(old.number(), name, FOR_LISTING)) {
      disperse(inner, member.path());
      keepMetadata(inner, member);
    }
    if (!removeWhenEmpty(old, name) && !Replacement.isDirectoryPut(member)) {
      // Somebody put something into what was to go.
      surprise(old, member.path(), look);
    }
  }

  private boolean removeWhenEmpty(Descriptor old, byte[] name) throws Errno {
    try {
      PathCalls.remove(old.number(), name, PathCalls.REMOVE_DIRECTORY);
      steps++;
      return true;
    } catch (Errno full) {
      if (full.number() != Errno.ENOTEMPTY) {
        throw full;
      }
      return false;
    }
  }

  /** Who gave it another mode or owner in the last moment gave that to the old one. */
  private void keepMetadata(Descriptor old, GroupMember member) throws IOException {
    if (!Replacement.isDirectoryPut(member)
        || !(inspector.look(old) instanceof Look.Found now)
        || member.intent().expected().map(now::holds).orElse(true)) {
      return;
    }
    try (Descriptor live = successor.open(member.path())) {
      if (successor.isOurs(member.path(), PathCalls.status(live.number()).stamp())) {
        Instant mtime = Instant.ofEpochSecond(0, now.stamp().mtimeNanos());
        metadata.apply(live, mtime, now.attributes());
      }
    } catch (IOException failure) {
      if (failure instanceof Errno errno && Successor.isNowhere(errno)) {
        return;
      }
      // The rest goes on: who changed it sees that it was not taken over.
      log.warn("{} keeps what it was put with: {}", member.path(), failure.toString());
    }
  }

  /** Where an exchange of this path alone would have left what gave way. */
  private void moveAside(Descriptor old, GroupMember member, Look look)
      throws TreeException, IOException {
    RelativePath path = member.path();
    String aside =
        Replacement.isPut(member)
            ? member.intent().stagedName()
            : Staging.asideName(path, member.intent());
    try {
      staging.take(old, path.name(), aside);
      steps++;
    } catch (Errno failure) {
      if (failure.number() != Errno.EEXIST) {
        throw failure;
      }
      // A second one after that which is there already.
      surprise(old, path, look);
      return;
    }
    // Never said to have failed: what cannot be looked at is kept unseen.
    ended.put(path, done(member, aside));
    Materialised expected = member.intent().expected().orElseThrow();
    if (!(staging.look(aside) instanceof Look.Found found) || found.type() == EntryType.DIRECTORY) {
      // It was replaced just now, by what cannot wait here.
      ended.put(path, new Exchanged.Unexpected());
      successor.kept().addAll(staging.flatten(aside));
    } else if (!isAsRead(look, expected) || !Exchange.isUntouched(found, expected)) {
      ended.put(path, overtaken(member, found, aside));
    } else if (found.type() != EntryType.FILE) {
      staging.drop(aside);
      ended.put(path, done(member, ""));
    }
  }

  /** Until it is moved its ctime tells of a write whose time somebody put back. */
  private static boolean isAsRead(Look look, Materialised expected) {
    return look instanceof Look.Found found && found.holds(expected);
  }

  /** Somebody put it there in the last moment: it is to be found where he put it. */
  private void surprise(Descriptor old, RelativePath path, Look look)
      throws TreeException, IOException {
    byte[] name = path.name();
    try (Descriptor parent = successor.parent(path)) {
      try {
        PathCalls.rename(old.number(), name, parent.number(), name, PathCalls.REPLACE_NOTHING);
        successor.movedOn(path, look);
        steps++;
        tellUnexpected(path);
      } catch (Errno failure) {
        if (failure.number() != Errno.EEXIST) {
          throw failure;
        }
        bothThere(old, parent, path, look);
      }
    } catch (Errno failure) {
      if (!Successor.isNowhere(failure)) {
        throw failure;
      }
      if (!goesBack(path)) {
        setAside(old, path);
      }
    }
  }

  private void tellUnexpected(RelativePath path) {
    if (members.containsKey(path)) {
      ended.putIfAbsent(path, new Exchanged.Unexpected());
    }
  }

  /** Whether a directory that was to go goes back to its name, and this with it. */
  private boolean goesBack(RelativePath path) {
    for (RelativePath at = path.parent(); !at.equals(first.path()); at = at.parent()) {
      @Nullable GroupMember directory = members.get(at);
      if (directory != null && !Replacement.isDirectoryPut(directory)) {
        return true;
      }
    }
    return false;
  }

  private void bothThere(Descriptor old, Descriptor parent, RelativePath path, Look look)
      throws TreeException, IOException {
    byte[] name = path.name();
    boolean isDirectory = isDirectory(look);
    Look live = inspector.look(parent, name);
    if (isDirectory && isDirectory(live)) {
      try (Descriptor inner = PathCalls.openBeneath(old.number(), name, FOR_LISTING)) {
        disperse(inner, path);
      }
      removeWhenEmpty(old, name);
    } else if (live instanceof Look.Found there && successor.isOurs(path, there.stamp())) {
      if (there.type() != EntryType.DIRECTORY) {
        swap(old, parent, path);
      } else {
        overtake(old, path);
      }
    } else if (live instanceof Look.Found there && successor.isMovedOn(path, there.stamp())) {
      // Two in turn by who still is in the old directory: the later one shows.
      swap(old, parent, path);
    } else {
      // Somebody else's of now is later.
      setAside(old, path);
    }
  }

  private static boolean isDirectory(Look look) {
    return look instanceof Look.Found found && found.type() == EntryType.DIRECTORY;
  }

  /** His takes the place of what is there from before, unless somebody was there meanwhile. */
  private void swap(Descriptor old, Descriptor parent, RelativePath path)
      throws TreeException, IOException {
    byte[] name = path.name();
    PathCalls.rename(old.number(), name, parent.number(), name, PathCalls.EXCHANGE);
    steps++;
    Look his = inspector.look(parent, name);
    String aside = staging.freshName();
    staging.take(old, name, aside);
    Optional<Look.Found> out = staging.find(aside, Optional.empty());
    boolean before =
        out.isPresent()
            && !staging.isWritten(aside)
            && (successor.isOursUntouched(path, out.get().stamp())
                || successor.isMovedOn(path, out.get().stamp()));
    if (before && successor.isOurs(path, out.get().stamp())) {
      staging.discard(aside);
    } else if (before) {
      successor.keep(aside, path);
    } else {
      PathCalls.rename(
          staging.directory().number(),
          Staging.octets(aside),
          parent.number(),
          name,
          PathCalls.EXCHANGE);
      successor.keep(aside, path);
      return;
    }
    successor.movedOn(path, his);
    tellUnexpected(path);
  }

  /** A directory with what the new version has in it cannot give way: his is a write beside it. */
  private void overtake(Descriptor old, RelativePath path) throws TreeException, IOException {
    @Nullable GroupMember member = members.get(path);
    if (member == null || !placed.containsKey(path) || ended.containsKey(path)) {
      setAside(old, path);
      return;
    }
    String name = member.intent().stagedName();
    staging.take(old, path.name(), name);
    steps++;
    Optional<Look.Found> his = staging.find(name, Optional.empty());
    if (his.isEmpty() || his.get().type() == EntryType.DIRECTORY || staging.isWritten(name)) {
      successor.keep(name, path);
    } else {
      ended.put(path, overtaken(member, his.get(), name));
    }
  }

  /** Keeps what has nowhere to go. */
  private void setAside(Descriptor old, RelativePath path) throws TreeException, IOException {
    String name = staging.freshName();
    staging.take(old, path.name(), name);
    steps++;
    successor.keep(name, path);
  }

  /** Who removed something in the last moment removed it from the old directory. */
  private void followRemovals() {
    for (RelativePath path : successor.paths()) {
      Optional<GroupMember> member = Optional.ofNullable(members.get(path));
      boolean was =
          member.map(it -> it.intent().expected().isPresent() && !it.equals(first)).orElse(true);
      if (was && !met.contains(path)) {
        try {
          if (successor.remove(path)) {
            tellUnexpected(path);
          }
        } catch (TreeException | IOException failure) {
          log.error("cannot remove {}, which somebody removed: {}", path, failure.toString());
        }
      }
    }
  }
}
