package dev.replicator.simulation;

import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.Interference.Step;
import java.time.Instant;
import java.util.Optional;

/**
 * Changes paths of a simulated disk as {@code RENAME_EXCHANGE} does: nothing is lost in between.
 */
final class FakeExchange {
  static final Stamp NO_STAMP = new Stamp(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final FakeTree tree;
  private final FakeDisk disk;

  FakeExchange(FakeTree tree, FakeDisk disk) {
    this.tree = tree;
    this.disk = disk;
  }

  Exchanged run(RelativePath path, Intent intent) throws TreeException {
    tree.requireRoot();
    Entry target = intent.target().entry();
    if (FakeTree.isOwn(path) || (path.isRoot() && !(target instanceof Entry.Directory))) {
      return failed(Kind.REFUSED, "a name of the engine's own");
    }
    if (!path.isRoot() && !isDirectory(path.parent())) {
      return failed(Kind.OBSTRUCTED, "its directory is missing");
    }
    Optional<Materialised> expected = intent.expected().filter(then -> then.entry().isPresent());
    if (!isExpected(tree.lookNow(path), expected)) {
      return new Exchanged.Unexpected();
    }
    Exchanged answer =
        expected.isPresent() ? change(path, intent, expected.get()) : create(path, intent);
    tree.pass(Step.CHANGED, path);
    return answer;
  }

  private boolean isDirectory(RelativePath path) {
    return disk.at(path).map(inode -> inode.kind == Inode.Kind.DIRECTORY).orElse(false);
  }

  private static boolean isExpected(Look look, Optional<Materialised> expected) {
    return look instanceof Look.Found found
        ? expected.map(found::holds).orElse(false)
        : look instanceof Look.Gone && expected.isEmpty();
  }

  private static Exchanged.Failed failed(Kind kind, String detail) {
    return new Exchanged.Failed(new Problem(kind, detail));
  }

  private Exchanged create(RelativePath path, Intent intent) throws TreeException {
    if (intent.target().entry() instanceof Entry.Absent) {
      return new Exchanged.Removed("");
    }
    String name = ready(intent);
    tree.pass(Step.WINDOW, path);
    if (disk.exists(path)) {
      return new Exchanged.Unexpected();
    }
    Inode staged = moveFromStaging(name, path);
    return new Exchanged.Done(staged.stamp(), actual(intent.target(), staged), "");
  }

  /** The name in staging of what {@code intent} puts; a directory is staged when it was not. */
  private String ready(Intent intent) throws TreeException {
    Entry entry = intent.target().entry();
    String name = intent.stagedName();
    if (name.isEmpty() && entry instanceof Entry.Directory) {
      name = tree.stage(intent.target()).name();
    }
    boolean right =
        tree.waiting(name).map(inode -> inode.kind.type() == entry.type()).orElse(false);
    if (!right) {
      throw new TreeException(new Problem(Kind.INPUT_OUTPUT, "the staged object is missing"));
    }
    return name;
  }

  private Inode moveFromStaging(String name, RelativePath path) {
    disk.atomically(() -> disk.put(path, disk.unlink(disk.staging(), FakeTree.bytes(name))));
    return disk.at(path).orElseThrow();
  }

  private Exchanged change(RelativePath path, Intent intent, Materialised expected)
      throws TreeException {
    Entry target = intent.target().entry();
    boolean directories =
        target instanceof Entry.Directory && expected.entry() instanceof Entry.Directory;
    if (directories || (intent.stagedName().isEmpty() && target.equals(expected.entry()))) {
      tree.discard(intent.stagedName());
      return touch(path, intent, expected);
    }
    if (target instanceof Entry.Absent) {
      return replace(path, intent, expected, Optional.empty());
    }
    return replace(path, intent, expected, Optional.of(ready(intent)));
  }

  /** Swaps what is at {@code path} for the staged object, or for nothing. */
  private Exchanged replace(
      RelativePath path, Intent intent, Materialised expected, Optional<String> name)
      throws TreeException {
    tree.pass(Step.WINDOW, path);
    Optional<Inode> old = disk.at(path);
    if (old.isEmpty() || old.get().kind == Inode.Kind.FIFO) {
      return new Exchanged.Unexpected();
    }
    if (!old.get().children.isEmpty()) {
      return failed(Kind.OBSTRUCTED, "directory not empty");
    }
    String[] displaced = {""};
    disk.atomically(() -> {
      displaced[0] = tree.putAside(path, intent, disk.take(path));
      name.ifPresent(staged -> moveFromStaging(staged, path));
    });
    return conclude(path, intent, expected, old.get(), displaced[0]);
  }

  private Exchanged conclude(
      RelativePath path, Intent intent, Materialised expected, Inode old, String displaced)
      throws TreeException {
    Optional<Inode> live = disk.at(path);
    Stamp stamp = live.map(Inode::stamp).orElse(NO_STAMP);
    Target actual = live.map(now -> actual(intent.target(), now)).orElse(Target.ABSENT);
    if (!isUntouched(old, expected)) {
      return new Exchanged.Overtaken(stamp, actual, FakeTree.found(old), displaced);
    }
    String kept = old.kind == Inode.Kind.FILE ? displaced : "";
    if (kept.isEmpty()) {
      disk.unlink(disk.staging(), FakeTree.bytes(displaced));
    }
    return live.isPresent() ? new Exchanged.Done(stamp, actual, kept) : new Exchanged.Removed(kept);
  }

  static boolean isUntouched(Inode old, Materialised expected) {
    return switch (expected.entry()) {
      case Entry.File file -> old.stamp().equalsExceptCtime(expected.stamp());
      case Entry.Symlink link ->
          old.kind == Inode.Kind.SYMLINK && FakeTree.found(old).linkTarget().equals(link.target());
      case Entry.Directory directory -> old.kind == Inode.Kind.DIRECTORY;
      case Entry.Absent absent -> false;
    };
  }

  private Exchanged touch(RelativePath path, Intent intent, Materialised expected)
      throws TreeException {
    Target target = intent.target();
    Inode inode = disk.at(path).orElseThrow();
    if (inode.kind == Inode.Kind.FILE && inode.links > 1) {
      Inode copy = disk.create(Inode.Kind.FILE, 0600, inode.uid);
      copy.content = inode.content.clone();
      copy.extended = inode.extended;
      tree.dress(copy, target.mtime(), target.attributes());
      Exchanged answer = replace(path, intent, expected, Optional.of(tree.put(copy)));
      if (answer instanceof Exchanged.Done done) {
        tree.discard(done.displaced());
        return new Exchanged.Done(done.stamp(), done.actual(), "");
      }
      return answer;
    }
    tree.pass(Step.WINDOW, path);
    if (!isExpected(tree.lookNow(path), Optional.of(expected))) {
      return new Exchanged.Unexpected();
    }
    tree.dress(inode, target.mtime(), target.attributes());
    disk.changed(path);
    return new Exchanged.Done(inode.stamp(), actual(target, inode), "");
  }

  static Target actual(Target asked, Inode live) {
    Instant mtime =
        live.kind.type().isTimed() ? Instant.ofEpochSecond(0, live.mtimeNanos) : asked.mtime();
    return new Target(asked.entry(), mtime, FakeTree.found(live).attributes());
  }
}
