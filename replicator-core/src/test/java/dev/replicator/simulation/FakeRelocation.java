package dev.replicator.simulation;

import dev.replicator.model.Bytes;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.Interference.Step;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gives directories of a simulated disk other names, with all that is in them. */
final class FakeRelocation {
  private static final Problem CHANGED = new Problem(Kind.BUSY, "it is not as expected there");

  private final FakeTree tree;
  private final FakeDisk disk;

  FakeRelocation(FakeTree tree, FakeDisk disk) {
    this.tree = tree;
    this.disk = disk;
  }

  Optional<Problem> run(
      RelativePath from, RelativePath to, SortedMap<RelativePath, Materialised> expected) {
    try {
      tree.enter(Step.EXCHANGE, to);
      tree.requireRoot();
    } catch (TreeException failure) {
      return Optional.of(failure.problem());
    }
    if (FakeTree.isOwn(from) || FakeTree.isOwn(to)) {
      return Optional.of(new Problem(Kind.REFUSED, "a name of the engine's own"));
    }
    Optional<Inode> top = disk.at(from);
    TreeMap<RelativePath, Materialised> left = new TreeMap<>(expected);
    if (top.isEmpty() || !isFree(to) || !takesExpected(from, top.get(), left) || !left.isEmpty()) {
      return Optional.of(CHANGED);
    }
    tree.pass(Step.WINDOW, to);
    boolean still = disk.at(from).filter(there -> there == top.get()).isPresent();
    if (!still || !isFree(to)) {
      return Optional.of(CHANGED);
    }
    disk.move(from, to);
    tree.pass(Step.CHANGED, to);
    return Optional.empty();
  }

  private boolean isFree(RelativePath path) {
    return !disk.exists(path)
        && disk.at(path.parent()).map(up -> up.kind == Inode.Kind.DIRECTORY).orElse(false);
  }

  private boolean takesExpected(
      RelativePath path, Inode inode, SortedMap<RelativePath, Materialised> left) {
    Materialised was = left.remove(path);
    if (was == null || inode.kind == Inode.Kind.FIFO || !FakeTree.found(inode).holds(was)) {
      return false;
    }
    for (Map.Entry<Bytes, Inode> child : inode.children.entrySet()) {
      if (!takesExpected(path.child(child.getKey().toArray()), child.getValue(), left)) {
        return false;
      }
    }
    return true;
  }
}
