package dev.replicator.simulation;

import dev.replicator.model.Bytes;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Put;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.Interference.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Puts a directory of a simulated disk with all that is in it in the place of another one. */
final class FakeReplacement {
  private final FakeTree tree;
  private final FakeDisk disk;
  private final GroupMember first;
  private final Map<RelativePath, GroupMember> members = new LinkedHashMap<>();

  /** What the new directory got. */
  private final TreeMap<RelativePath, Stamp> ours = new TreeMap<>();

  /** What was found in the old directory. */
  private final Set<RelativePath> met = new HashSet<>();

  private final Map<RelativePath, Exchanged> ended = new HashMap<>();

  FakeReplacement(FakeTree tree, FakeDisk disk, List<GroupMember> members) {
    this.tree = tree;
    this.disk = disk;
    this.first = members.getFirst();
    members.forEach(member -> this.members.put(member.path(), member));
  }

  static boolean isWanted(List<GroupMember> members) {
    return wasDirectory(members.getFirst());
  }

  private static boolean wasDirectory(GroupMember member) {
    return member.intent().expected().map(was -> was.entry() == Entry.DIRECTORY).orElse(false);
  }

  private static boolean isDirectory(GroupMember member) {
    return member.intent().target().entry().equals(Entry.DIRECTORY);
  }

  /** Something is not what was expected. */
  private static final class Differs extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param top with what was staged in it
   */
  Arrived run(Inode top) throws TreeException {
    RelativePath path = first.path();
    Optional<Inode> old = disk.at(path);
    if (old.isEmpty() || !holds(path, first)) {
      return new Arrived.Unexpected();
    }
    try {
      carry(old.get(), Optional.of(top), path);
    } catch (Differs differs) {
      return new Arrived.Unexpected();
    }
    for (GroupMember member : members.values()) {
      if (member.intent().expected().isPresent() && !disk.exists(member.path())) {
        return new Arrived.Unexpected();
      }
    }
    tree.pass(Step.WINDOW, path);
    if (!disk.at(path).equals(old)) {
      return new Arrived.Unexpected();
    }
    Bytes name = FakeTree.bytes(first.intent().stagedName());
    disk.atomically(() -> {
      disk.unlink(disk.staging(), name);
      disk.put(path, top);
      disk.link(disk.staging(), name, old.get());
    });
    tree.pass(Step.CHANGED, path);
    stagedAreOurs();
    takeApart(old.get());
    followRemovals();
    return new Arrived.Done(puts(), List.of());
  }

  private void stagedAreOurs() {
    members.forEach(
        (path, member) -> member.intent().staged().ifPresent(stamp -> ours.put(path, stamp)));
  }

  private void takeApart(Inode old) {
    disperse(old, first.path());
    keepMetadata(old, first);
    disk.unlink(disk.staging(), FakeTree.bytes(first.intent().stagedName()));
  }

  private boolean isOurs(RelativePath path, Optional<Inode> inode) {
    Optional<Stamp> own = Optional.ofNullable(ours.get(path));
    return own.isPresent() && own.map(Stamp::inode).equals(inode.map(it -> it.number));
  }

  private boolean isUntouched(RelativePath path, Inode inode) {
    Stamp own = ours.get(path);
    return own != null
        && (inode.kind == Inode.Kind.DIRECTORY
            ? inode.children.isEmpty()
            : own.equalsExceptCtime(inode.stamp()));
  }

  /** Who removed something in the last moment removed it from the old directory. */
  private void followRemovals() {
    for (RelativePath path : ours.descendingKeySet()) {
      GroupMember member = members.get(path);
      boolean was =
          member == null || (member.intent().expected().isPresent() && !member.equals(first));
      Optional<Inode> live = disk.at(path);
      if (was
          && !met.contains(path)
          && isOurs(path, live)
          && live.map(it -> isUntouched(path, it)).orElse(false)) {
        disk.take(path);
        tellUnexpected(path);
      }
    }
    members.values().stream()
        .filter(member -> hadContent(member) && !ended.containsKey(member.path()))
        .forEach(member -> tellUnexpected(member.path()));
  }

  private void tellUnexpected(RelativePath path) {
    if (members.containsKey(path)) {
      ended.putIfAbsent(path, new Exchanged.Unexpected());
    }
  }

  private static boolean hadContent(GroupMember member) {
    return member.intent().expected().isPresent() && !wasDirectory(member);
  }

  private boolean holds(RelativePath path, GroupMember member) {
    return tree.lookNow(path) instanceof Look.Found found
        && member.intent().expected().map(found::holds).orElse(false);
  }

  private void carry(Inode from, Optional<Inode> to, RelativePath directory) throws TreeException {
    for (Map.Entry<Bytes, Inode> child : Map.copyOf(from.children).entrySet()) {
      RelativePath path = directory.child(child.getKey().toArray());
      GroupMember member = members.get(path);
      Inode inode = child.getValue();
      if (member != null && !holds(path, member)) {
        throw new Differs();
      } else if (member != null && wasDirectory(member)) {
        Optional<Inode> into =
            to.filter(above -> isDirectory(member))
                .map(above -> above.children.get(child.getKey()));
        carry(inode, into, path);
      } else if (member == null) {
        boolean file = inode.kind == Inode.Kind.FILE || inode.kind == Inode.Kind.SYMLINK;
        if (to.isEmpty() || !file) {
          throw new TreeException(new Problem(Kind.OBSTRUCTED, "it cannot have two names"));
        }
        disk.link(to.get(), child.getKey(), inode);
        ours.put(path, inode.stamp());
      }
    }
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
    Target target = member.intent().target();
    return target.entry().isPresent()
        ? disk.at(member.path())
            .<Exchanged>map(live ->
                new Exchanged.Done(live.stamp(), FakeExchange.actual(target, live), displaced))
            .orElseGet(Exchanged.Unexpected::new)
        : new Exchanged.Removed(displaced);
  }

  /** Ends what a crash cut off. */
  void resume(Map<RelativePath, Stamp> stayed) {
    Inode old = disk.staging().children.get(FakeTree.bytes(first.intent().stagedName()));
    long before = first.intent().expected().orElseThrow().stamp().inode();
    if (old != null && old.number == before) {
      ours.putAll(stayed);
      stagedAreOurs();
      takeApart(old);
    }
  }

  private void disperse(Inode old, RelativePath directory) {
    for (Map.Entry<Bytes, Inode> child : Map.copyOf(old.children).entrySet()) {
      RelativePath path = directory.child(child.getKey().toArray());
      Optional<GroupMember> member = Optional.ofNullable(members.get(path));
      Inode inode = child.getValue();
      boolean isDirectory = inode.kind == Inode.Kind.DIRECTORY;
      disk.unlink(old, child.getKey());
      met.add(path);
      if (isDirectory && member.map(it -> isExpected(inode, it)).orElse(false)) {
        disperseDirectory(inode, member.orElseThrow());
      } else if (!isDirectory && member.map(FakeReplacement::hadContent).orElse(false)) {
        moveAside(inode, member.orElseThrow());
      } else if (member.isPresent() || !isOurs(path, Optional.of(inode))) {
        surprise(inode, path, member);
      } else if (!disk.at(path).equals(Optional.of(inode))) {
        tree.put(inode);
      }
    }
  }

  private static boolean isExpected(Inode inode, GroupMember member) {
    return wasDirectory(member)
        && member.intent().expected().map(was -> was.stamp().inode() == inode.number).orElse(false);
  }

  private void disperseDirectory(Inode inode, GroupMember member) {
    if (isDirectory(member)) {
      disperse(inode, member.path());
      keepMetadata(inode, member);
      return;
    }
    Map<Bytes, Inode> surprises = new HashMap<>();
    for (Map.Entry<Bytes, Inode> child : Map.copyOf(inode.children).entrySet()) {
      if (!members.containsKey(member.path().child(child.getKey().toArray()))) {
        surprises.put(child.getKey(), child.getValue());
        disk.unlink(inode, child.getKey());
      }
    }
    disperse(inode, member.path());
    if (!surprises.isEmpty()) {
      surprises.forEach((name, surprise) -> disk.link(inode, name, surprise));
      surprise(inode, member.path(), Optional.of(member));
    }
  }

  private void keepMetadata(Inode old, GroupMember member) {
    RelativePath path = member.path();
    Optional<Inode> live = disk.at(path).filter(it -> isOurs(path, Optional.of(it)));
    boolean same = member.intent().expected().map(FakeTree.found(old)::holds).orElse(true);
    if (live.isPresent() && !same) {
      live.get().mode = old.mode;
      live.get().uid = old.uid;
      live.get().gid = old.gid;
      live.get().extended = old.extended;
      live.get().ctimeNanos = disk.now();
      disk.changed(path);
    }
  }

  private void moveAside(Inode old, GroupMember member) {
    RelativePath path = member.path();
    Materialised expected = member.intent().expected().orElseThrow();
    String aside = tree.putAside(path, member.intent(), old);
    if (!FakeExchange.isUntouched(old, expected)) {
      ended.put(path, overtaken(member, old, aside));
    } else if (old.kind.type() == EntryType.FILE) {
      ended.put(path, done(member, aside));
    } else {
      disk.unlink(disk.staging(), FakeTree.bytes(aside));
      ended.put(path, done(member, ""));
    }
  }

  private Exchanged overtaken(GroupMember member, Inode old, String aside) {
    return done(member, aside) instanceof Exchanged.Done done
        ? new Exchanged.Overtaken(done.stamp(), done.actual(), FakeTree.found(old), aside)
        : new Exchanged.Overtaken(FakeExchange.NO_STAMP, Target.ABSENT, FakeTree.found(old), aside);
  }

  /** Somebody put it there in the last moment: it is to be found where he put it. */
  private void surprise(Inode inode, RelativePath path, Optional<GroupMember> member) {
    boolean isDirectory = inode.kind == Inode.Kind.DIRECTORY;
    boolean reached =
        disk.at(path.parent()).filter(it -> it.kind == Inode.Kind.DIRECTORY).isPresent();
    Optional<Inode> live = disk.at(path);
    boolean liveDirectory = live.filter(it -> it.kind == Inode.Kind.DIRECTORY).isPresent();
    if (reached && (live.isEmpty() || (isOurs(path, live) && !liveDirectory))) {
      disk.put(path, inode);
      tellUnexpected(path);
    } else if (isDirectory) {
      disperse(inode, path);
    } else if (member.isPresent() && isOurs(path, live) && !ended.containsKey(path)) {
      String aside = tree.putAside(path, member.get().intent(), inode);
      ended.put(path, overtaken(member.get(), inode, aside));
    } else {
      tree.put(inode);
    }
  }

  /** Removes the second names from a new directory that never took its place. */
  void takeBack(Inode from, RelativePath directory) {
    for (Map.Entry<Bytes, Inode> child : Map.copyOf(from.children).entrySet()) {
      RelativePath path = directory.child(child.getKey().toArray());
      if (!members.containsKey(path)) {
        disk.unlink(from, child.getKey());
      } else if (child.getValue().kind == Inode.Kind.DIRECTORY) {
        takeBack(child.getValue(), path);
      }
    }
  }
}
