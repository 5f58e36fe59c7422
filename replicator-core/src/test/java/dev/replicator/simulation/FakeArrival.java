package dev.replicator.simulation;

import dev.replicator.model.Bytes;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Put;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.Interference.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts directories of a simulated disk with all that is in them. */
final class FakeArrival {
  private final FakeTree tree;
  private final FakeDisk disk;

  FakeArrival(FakeTree tree, FakeDisk disk) {
    this.tree = tree;
    this.disk = disk;
  }

  Arrived run(List<GroupMember> members) {
    Arrived answer;
    try {
      answer = arrive(members);
    } catch (TreeException failure) {
      answer = new Arrived.Failed(failure.problem());
    }
    if (!(answer instanceof Arrived.Done)) {
      disband(members);
    }
    return answer;
  }

  private Arrived arrive(List<GroupMember> members) throws TreeException {
    RelativePath path = members.getFirst().path();
    tree.enter(Step.EXCHANGE, path);
    tree.requireRoot();
    if (FakeTree.isOwn(path)) {
      return new Arrived.Failed(new Problem(Kind.REFUSED, "a name of the engine's own"));
    }
    if (disk.at(path.parent()).map(parent -> parent.kind != Inode.Kind.DIRECTORY).orElse(true)) {
      return new Arrived.Failed(new Problem(Kind.OBSTRUCTED, "its directory is missing"));
    }
    boolean replaces = FakeReplacement.isWanted(members);
    if (disk.exists(path) && !replaces) {
      return new Arrived.Unexpected();
    }
    Inode top = waiting(members.getFirst());
    List<Put> puts = new ArrayList<>();
    puts.add(put(members.getFirst(), top));
    for (GroupMember member : members.subList(1, members.size())) {
      if (member.intent().staged().isEmpty()) {
        continue;
      }
      tree.enter(Step.ARRIVE, member.path());
      Inode inode = waiting(member);
      Inode directory = directory(top, path, member.path()).orElseThrow(FakeArrival::missing);
      disk.atomically(() -> {
        disk.unlink(disk.staging(), FakeTree.bytes(member.intent().stagedName()));
        disk.link(directory, FakeDisk.name(member.path()), inode);
      });
      puts.add(put(member, inode));
    }
    if (replaces) {
      return new FakeReplacement(tree, disk, members).run(top);
    }
    tree.pass(Step.WINDOW, path);
    if (disk.exists(path)) {
      return new Arrived.Unexpected();
    }
    Bytes name = FakeTree.bytes(members.getFirst().intent().stagedName());
    disk.atomically(() -> disk.put(path, disk.unlink(disk.staging(), name)));
    tree.pass(Step.CHANGED, path);
    return new Arrived.Done(puts, List.of());
  }

  private static TreeException missing() {
    return new TreeException(new Problem(Kind.INPUT_OUTPUT, "the staged object is missing"));
  }

  private static Put put(GroupMember member, Inode inode) {
    return new Put(
        member.path(),
        new Exchanged.Done(
            inode.stamp(), FakeExchange.actual(member.intent().target(), inode), ""));
  }

  private Inode waiting(GroupMember member) throws TreeException {
    return tree.waiting(member.intent().stagedName())
        .filter(inode -> isStaged(inode, member))
        .orElseThrow(FakeArrival::missing);
  }

  private static boolean isStaged(Inode inode, GroupMember member) {
    return member.intent().staged().map(stamp -> stamp.inode() == inode.number).orElse(false);
  }

  /** The directory in which {@code path} is to be, below the one that waits. */
  private static Optional<Inode> directory(Inode top, RelativePath of, RelativePath path) {
    if (path.parent().equals(of)) {
      return Optional.of(top);
    }
    return directory(top, of, path.parent())
        .flatMap(parent -> Optional.ofNullable(parent.children.get(FakeDisk.name(path.parent()))))
        .filter(inode -> inode.kind == Inode.Kind.DIRECTORY);
  }

  void disband(List<GroupMember> members) {
    GroupMember first = members.getFirst();
    Optional<Inode> top = find(first);
    if (top.isPresent() && FakeReplacement.isWanted(members)) {
      new FakeReplacement(tree, disk, members).takeBack(top.get(), first.path());
    }
    for (GroupMember member : members.reversed()) {
      if (find(member).isPresent()) {
        remove(disk.staging(), FakeTree.bytes(member.intent().stagedName()), member);
      } else if (top.isPresent()) {
        directory(top.get(), first.path(), member.path())
            .ifPresent(parent -> remove(parent, FakeDisk.name(member.path()), member));
      }
    }
  }

  private Optional<Inode> find(GroupMember member) {
    Bytes name = FakeTree.bytes(member.intent().stagedName());
    return Optional.ofNullable(disk.staging().children.get(name))
        .filter(inode -> isStaged(inode, member));
  }

  private void remove(Inode directory, Bytes name, GroupMember member) {
    Inode inode = directory.children.get(name);
    if (inode != null && isStaged(inode, member) && inode.children.isEmpty()) {
      disk.unlink(directory, name);
    }
  }
}
