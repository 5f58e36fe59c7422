package dev.replicator.simulation;

import dev.replicator.model.Bytes;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Put;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.Interference.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts a directory of a simulated disk with all that is in it in the place of another one. */
final class FakeReplacement {
  private final FakeTree tree;
  private final FakeDisk disk;
  private final GroupMember first;
  private final Map<RelativePath, GroupMember> members = new LinkedHashMap<>();
  private final Map<RelativePath, Inode> carried = new HashMap<>();
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
    Bytes name = FakeTree.bytes(first.intent().stagedName());
    disk.atomically(() -> {
      disk.unlink(disk.staging(), name);
      disk.put(path, top);
      disk.link(disk.staging(), name, old.get());
    });
    tree.pass(Step.CHANGED, path);
    Map<RelativePath, Inode> unseen = new HashMap<>(carried);
    disperse(old.get(), path, unseen);
    unseen.forEach((deleted, inode) -> {
      if (disk.at(deleted).filter(inode::equals).isPresent()) {
        disk.take(deleted);
      }
    });
    disk.unlink(disk.staging(), name);
    members.values().stream()
        .filter(member -> member.intent().expected().isPresent() && !wasDirectory(member))
        .filter(member -> !ended.containsKey(member.path()))
        .forEach(this::takenAway);
    return new Arrived.Done(puts());
  }

  private void takenAway(GroupMember member) {
    ended.put(member.path(), new Exchanged.Unexpected());
    Entry target = member.intent().target().entry();
    boolean same = member.intent().expected().map(was -> was.entry().equals(target)).orElse(false);
    if (same && disk.exists(member.path())) {
      disk.take(member.path());
    }
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
        carried.put(path, inode);
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
  void resume() {
    Bytes name = FakeTree.bytes(first.intent().stagedName());
    Inode old = disk.staging().children.get(name);
    long before = first.intent().expected().orElseThrow().stamp().inode();
    if (old != null && old.number == before) {
      disperse(old, first.path(), new HashMap<>());
      disk.unlink(disk.staging(), name);
    }
  }

  private void disperse(Inode old, RelativePath directory, Map<RelativePath, Inode> unseen) {
    for (Map.Entry<Bytes, Inode> child : Map.copyOf(old.children).entrySet()) {
      RelativePath path = directory.child(child.getKey().toArray());
      Optional<GroupMember> member = Optional.ofNullable(members.get(path));
      Inode inode = child.getValue();
      boolean isDirectory = inode.kind == Inode.Kind.DIRECTORY;
      disk.unlink(old, child.getKey());
      if (isDirectory && member.map(FakeReplacement::wasDirectory).orElse(false)) {
        disperseDirectory(inode, member.orElseThrow(), unseen);
      } else if (!isDirectory && member.flatMap(it -> it.intent().expected()).isPresent()) {
        moveAside(inode, member.orElseThrow());
      } else if (disk.at(path).filter(inode::equals).isPresent()) {
        unseen.remove(path);
      } else {
        unseen.remove(path);
        surprise(inode, path, member);
      }
    }
  }

  private void disperseDirectory(Inode inode, GroupMember member, Map<RelativePath, Inode> unseen) {
    if (isDirectory(member)) {
      disperse(inode, member.path(), unseen);
      return;
    }
    Map<Bytes, Inode> surprises = new HashMap<>();
    for (Map.Entry<Bytes, Inode> child : Map.copyOf(inode.children).entrySet()) {
      if (!members.containsKey(member.path().child(child.getKey().toArray()))) {
        surprises.put(child.getKey(), child.getValue());
        disk.unlink(inode, child.getKey());
      }
    }
    disperse(inode, member.path(), unseen);
    if (!surprises.isEmpty()) {
      disk.put(member.path(), inode);
      surprises.forEach((name, surprise) -> disk.link(inode, name, surprise));
      ended.put(member.path(), new Exchanged.Unexpected());
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
    member.ifPresent(it -> ended.put(path, new Exchanged.Unexpected()));
    disk.put(path, inode);
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
