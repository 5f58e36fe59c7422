package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Child;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUnderTest;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that a tree does with a path, on paths that are swapped meanwhile. */
final class TreeOperations {
  private static final int SYNC_EACH = 100;
  private static final List<String> PATHS = List.of("d", "d/f", "d/l", "d/lx", "d/e", "d/e/g");

  private final LinuxTreeFixture here;
  private final AttackGround ground;
  private final Path vault;
  private final TreeMap<String, Long> done = new TreeMap<>();
  private long round;

  TreeOperations(LinuxTreeFixture here, AttackGround ground, Path vault) {
    this.here = here;
    this.ground = ground;
    this.vault = vault;
  }

  /** How often each kind of operation succeeded. */
  Map<String, Long> done() {
    return done;
  }

  private interface Operation {
    boolean run() throws TreeException, IOException;
  }

  private void attempt(String name, Operation operation) throws IOException {
    boolean succeeded;
    try {
      succeeded = operation.run();
    } catch (TreeException swapped) {
      succeeded = false;
    }
    done.merge(name, succeeded ? 1L : 0L, Long::sum);
  }

  void round() throws IOException {
    round++;
    attempt("look", this::look);
    attempt("list", () -> list("d") && list("d/e"));
    attempt("read", () -> read("d/f") && read("d/l") && read("d/e/g"));
    attempt("new", () -> create("d/n" + round));
    attempt("replace", () -> replace("d/f", here.fileTarget("ours " + round)));
    attempt("replace a leaf", () -> replace("d/l", here.fileTarget("ours " + round)));
    attempt("replace below", () -> replace("d/e/g", here.fileTarget("ours " + round)));
    attempt("type swap", this::swapTypes);
    attempt("remove", () -> remove("d/n" + round));
    attempt("mkdir", () -> put("d/m" + round, here.directoryTarget(0750)));
    attempt("rmdir", () -> remove("d/m" + round));
    attempt("symlink", () -> put("d/s" + round, here.linkTarget("/anywhere")));
    attempt("remove a symlink", () -> remove("d/s" + round));
    attempt("attributes", () -> touch("d/f", EntryType.FILE, 0600 | (int) (round % 2) * 040));
    attempt("attributes of a directory", () -> touch("d", EntryType.DIRECTORY, 0755));
    attempt("attributes of a hard link", () -> touch("d/h", EntryType.FILE, 0604));
    attempt("settle", this::settle);
    attempt("scan", () -> scan(RelativePath.ROOT) > 0);
    if (round % SYNC_EACH == 0) {
      here.tree().sync(List.of(RelativePath.of("d/f")));
    }
  }

  private boolean look() throws TreeException {
    boolean found = false;
    for (String path : PATHS) {
      found |= isOurs(path, here.tree().look(RelativePath.of(path)));
    }
    Look stranger = here.tree().look(RelativePath.of("d/" + AttackGround.ONLY_OUTSIDE));
    assertFalse(stranger instanceof Look.Found, "a name that is only outside");
    return found;
  }

  private boolean isOurs(String path, Look look) {
    if (look instanceof Look.Found found) {
      assertFalse(ground.isOutside(found.stamp().inode()), path);
      return true;
    }
    return false;
  }

  private boolean list(String directory) throws TreeException {
    for (Child child : here.tree().list(RelativePath.of(directory))) {
      assertNotEquals(AttackGround.ONLY_OUTSIDE, last(child.path()));
      isOurs(child.path().toString(), child.look());
    }
    return true;
  }

  private static String last(RelativePath path) {
    String text = path.toString();
    return text.substring(text.lastIndexOf('/') + 1);
  }

  private boolean read(String path) throws TreeException, IOException {
    Look.Found found = there(path);
    try (SeekableByteChannel channel = here.tree().read(RelativePath.of(path), found.stamp())) {
      assertNotEquals(AttackGround.SECRET, TreeUnderTest.read(channel));
    }
    return true;
  }

  /** What an engine would know of it, of its content nothing but the size. */
  private Look.Found there(String path) throws TreeException {
    if (here.tree().look(RelativePath.of(path)) instanceof Look.Found found) {
      isOurs(path, found);
      return found;
    }
    throw new TreeException(
        new dev.replicator.model.Problem(dev.replicator.model.Problem.Kind.BUSY, "gone"));
  }

  private static Materialised known(Look.Found found) {
    Entry entry =
        switch (found.type()) {
          case FILE -> new Entry.File(Digest.of(new byte[32]), found.stamp().size());
          case SYMLINK -> new Entry.Symlink(found.linkTarget());
          case DIRECTORY -> Entry.DIRECTORY;
          case ABSENT -> Entry.ABSENT;
        };
    Instant mtime = Instant.ofEpochSecond(0, found.stamp().mtimeNanos());
    Target actual = new Target(entry, mtime, found.attributes());
    return new Materialised(found.stamp(), actual, found.attributes(), Knowledge.NONE);
  }

  private boolean create(String path) throws TreeException, IOException {
    return run(path, here.fileIntent(Optional.empty(), "ours"));
  }

  private boolean put(String path, Target target) throws TreeException, IOException {
    return run(path, here.stagedIntent(Optional.empty(), target));
  }

  private boolean replace(String path, Target target) throws TreeException, IOException {
    Optional<Materialised> expected = Optional.of(known(there(path)));
    return target.entry() instanceof Entry.File
        ? run(path, here.fileIntent(expected, "ours"))
        : run(path, here.stagedIntent(expected, target));
  }

  private boolean swapTypes() throws TreeException, IOException {
    EntryType now = there("d/t").type();
    return switch (now) {
      case FILE -> replace("d/t", here.linkTarget("/anywhere"));
      case SYMLINK -> replace("d/t", here.directoryTarget(0700));
      case DIRECTORY, ABSENT -> replace("d/t", here.fileTarget("ours"));
    };
  }

  private boolean remove(String path) throws TreeException, IOException {
    return run(path, here.removal(known(there(path))));
  }

  private boolean touch(String path, EntryType type, int mode) throws TreeException, IOException {
    Look.Found found = there(path);
    if (found.type() != type) {
      return false;
    }
    Materialised known = known(found);
    Target target = new Target(known.entry(), TreeUnderTest.MTIME, here.attributes(type, mode));
    return run(path, here.bareIntent(Optional.of(known), target));
  }

  private boolean settle() throws TreeException, IOException {
    Materialised known = known(there("d/f"));
    Intent intent = here.fileIntent(Optional.of(known), "ours");
    Settled before = here.tree().settle(RelativePath.of("d/f"), intent);
    boolean done = run("d/f", intent);
    Settled after = here.tree().settle(RelativePath.of("d/f"), intent);
    return done && before instanceof Settled.NotApplied && after instanceof Settled.Applied;
  }

  /** What was displaced goes into the vault, or, when it is no file, away. */
  private boolean run(String path, Intent intent) throws TreeException, IOException {
    Exchanged exchanged = here.tree().exchange(RelativePath.of(path), intent);
    String displaced =
        switch (exchanged) {
          case Exchanged.Done it -> it.displaced();
          case Exchanged.Removed it -> it.displaced();
          case Exchanged.Overtaken it -> it.displaced();
          case Exchanged.Unexpected it -> "";
          case Exchanged.BeingWritten it -> "";
          case Exchanged.Failed it -> "";
        };
    if (!displaced.isEmpty()) {
      attempt("release", () -> release(displaced));
    }
    if (!intent.stagedName().isEmpty()) {
      here.tree().discard(intent.stagedName());
    }
    return exchanged instanceof Exchanged.Done || exchanged instanceof Exchanged.Removed;
  }

  private boolean release(String name) throws TreeException, IOException {
    Path kept = vault.resolve(name);
    try {
      here.tree().release(name, kept);
      assertNotEquals(AttackGround.SECRET, Files.readString(kept));
      Files.delete(kept);
      return true;
    } finally {
      here.tree().discard(name);
    }
  }

  private int scan(RelativePath directory) throws IOException {
    int entries = 0;
    try {
      for (Child child : here.tree().list(directory)) {
        assertNotEquals(AttackGround.ONLY_OUTSIDE, last(child.path()));
        isOurs(child.path().toString(), child.look());
        boolean below =
            child.look() instanceof Look.Found found && found.type() == EntryType.DIRECTORY;
        entries += 1 + (below ? scan(child.path()) : 0);
      }
    } catch (TreeException swapped) {
      // It was a link just then.
    }
    return entries;
  }
}
