package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.Child;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Listing;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.Tree.Staged;
import dev.replicator.port.Tree.StagedFile;
import dev.replicator.port.Tree.Synced;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUnderTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everything that a tree does with one path, on paths that are swapped meanwhile. */
final class TreeOperations {
  private static final int SYNC_EACH = 100;
  private static final int PAGE = 2;
  private static final List<String> PATHS = List.of("d", "d/f", "d/l", "d/lx", "d/e", "d/e/g");

  private final AttackedTree attacked;
  private final LinuxTreeFixture here;
  private long round;

  TreeOperations(AttackedTree attacked) {
    this.attacked = attacked;
    this.here = attacked.here();
  }

  private Tree tree() {
    return attacked.tree();
  }

  private void attempt(String name, AttackedTree.Operation operation) throws IOException {
    attacked.attempt(name, operation);
  }

  void round() throws IOException {
    round++;
    attempt("look", this::look);
    attempt("list", () -> list("d") && list("d/e"));
    attempt("list by pages", () -> listByPages("d") && listByPages("d/e"));
    attempt("read", () -> read("d/f") && read("d/l") && read("d/e/g"));
    attempt("read on", () -> readOn("d/f") && readOn("d/l") && readOn("d/e/g"));
    attempt("new", () -> create("d/n" + round));
    attempt("new below", () -> create("d/e/n" + round) && remove("d/e/n" + round));
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
    attempt("is being written", this::isBeingWritten);
    attempt("new unless it is written", () -> createUnlessWritten("d/e/u" + round));
    attempt("replace unless it is written", this::replaceUnlessWritten);
    attempt("spare what is written", this::spareWritten);
    roundOfParts();
    attempt("settle", this::settle);
    attempt("scan", () -> scan(RelativePath.ROOT) > 0);
    if (round % SYNC_EACH == 0) {
      attempt("sync", () -> tree().sync(List.of(RelativePath.of("d/f"))) instanceof Synced.Done);
    }
  }

  private boolean look() throws TreeException {
    boolean found = false;
    for (String path : PATHS) {
      found |= attacked.isOurs(path, tree().look(RelativePath.of(path)));
    }
    Look stranger = tree().look(RelativePath.of("d/" + AttackGround.ONLY_OUTSIDE));
    assertFalse(stranger instanceof Look.Found, "a name that is only outside");
    return found;
  }

  private boolean list(String directory) throws TreeException {
    tree().list(RelativePath.of(directory)).forEach(attacked::isOurs);
    return true;
  }

  private boolean listByPages(String directory) throws TreeException {
    try (Listing listing = tree().listing(RelativePath.of(directory))) {
      for (List<Child> page = listing.next(PAGE); !page.isEmpty(); page = listing.next(PAGE)) {
        page.forEach(attacked::isOurs);
      }
    }
    return true;
  }

  private boolean read(String path) throws TreeException, IOException {
    Look.Found found = attacked.there(path);
    try (SeekableByteChannel channel = tree().read(RelativePath.of(path), found.stamp())) {
      AttackedTree.assertOurs(channel);
    }
    return true;
  }

  private boolean readOn(String path) throws TreeException, IOException {
    Look.Found found = attacked.there(path);
    try (SeekableByteChannel channel = tree().readOn(RelativePath.of(path), found.stamp())) {
      AttackedTree.assertOurs(channel);
    }
    return true;
  }

  private boolean run(String path, Intent intent) throws TreeException, IOException {
    return attacked.run(path, intent);
  }

  private Optional<Materialised> expected(String path) throws TreeException {
    return Optional.of(AttackedTree.known(attacked.there(path)));
  }

  private boolean create(String path) throws TreeException, IOException {
    return run(path, here.fileIntent(Optional.empty(), "ours"));
  }

  private boolean put(String path, Target target) throws TreeException, IOException {
    return run(path, here.stagedIntent(Optional.empty(), target));
  }

  private boolean replace(String path, Target target) throws TreeException, IOException {
    Optional<Materialised> expected = expected(path);
    return target.entry() instanceof Entry.File
        ? run(path, here.fileIntent(expected, "ours"))
        : run(path, here.stagedIntent(expected, target));
  }

  private boolean swapTypes() throws TreeException, IOException {
    EntryType now = attacked.there("d/t").type();
    return switch (now) {
      case FILE -> replace("d/t", here.linkTarget("/anywhere"));
      case SYMLINK -> replace("d/t", here.directoryTarget(0700));
      case DIRECTORY, ABSENT -> replace("d/t", here.fileTarget("ours"));
    };
  }

  private boolean remove(String path) throws TreeException, IOException {
    return run(path, here.removal(AttackedTree.known(attacked.there(path))));
  }

  private boolean touch(String path, EntryType type, int mode) throws TreeException, IOException {
    Look.Found found = attacked.there(path);
    if (found.type() != type) {
      return false;
    }
    Materialised known = AttackedTree.known(found);
    Target target = new Target(known.entry(), TreeUnderTest.MTIME, here.attributes(type, mode));
    return run(path, here.bareIntent(Optional.of(known), target));
  }

  /** Nobody has any of ours open but one, and of those outside somebody has another. */
  private boolean isBeingWritten() throws TreeException {
    assertFalse(tree().isBeingWritten(RelativePath.of("d/f"), 0), "the one outside is");
    return tree().isBeingWritten(RelativePath.of("d/w"), 0);
  }

  private boolean replaceUnlessWritten() throws TreeException, IOException {
    Intent intent = here.fileIntent(expected("d/f"), "ours");
    Exchanged exchanged = tree().exchangeUnlessWritten(RelativePath.of("d/f"), intent);
    assertFalse(exchanged instanceof Exchanged.BeingWritten, "the one outside is");
    return attacked.ended("d/f", exchanged, intent);
  }

  private boolean createUnlessWritten(String path) throws TreeException, IOException {
    Intent intent = here.fileIntent(Optional.empty(), "ours");
    Exchanged exchanged = tree().exchangeUnlessWritten(RelativePath.of(path), intent);
    return attacked.ended(path, exchanged, intent) && remove(path);
  }

  private boolean spareWritten() throws TreeException, IOException {
    Intent intent = here.fileIntent(expected("d/w"), "ours");
    Exchanged exchanged = tree().exchangeUnlessWritten(RelativePath.of("d/w"), intent);
    assertFalse(attacked.ended("d/w", exchanged, intent), "it is open for writing");
    return exchanged instanceof Exchanged.BeingWritten;
  }

  private void roundOfParts() throws IOException {
    Digest first = TreeUnderTest.file("first " + round).digest();
    Digest second = TreeUnderTest.file("second " + round).digest();
    attempt("begin a part", () -> begin(first));
    attempt("pass a part", () -> tree().passPart(first, second));
    attempt("go on with a part", () -> goOn(second));
    attempt("drop a part", () -> begin(first) && drop(first));
    attempt("drop old parts", () -> begin(first) && dropAll(first));
  }

  private boolean begin(Digest content) throws TreeException, IOException {
    try (StagedFile part = tree().stagePart(content)) {
      assertEquals(0, part.channel().size());
      part.channel().write(octets("ou"));
    }
    return true;
  }

  private boolean goOn(Digest content) throws TreeException, IOException {
    Target target = here.fileTarget("ours");
    try (StagedFile part = tree().stagePart(content)) {
      part.channel().position(part.channel().size()).write(octets("rs"));
      Staged staged = new Staged(part.name(), part.seal(4, target.mtime(), target.attributes()));
      return run("d/l", here.intent(expected("d/l"), target, staged));
    } finally {
      attacked.clearStaging();
    }
  }

  private static ByteBuffer octets(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private boolean drop(Digest content) throws TreeException {
    tree().dropPart(content);
    return isDropped(content);
  }

  private boolean dropAll(Digest content) throws TreeException {
    tree().dropParts(Instant.MAX, Set.of());
    return isDropped(content);
  }

  private boolean isDropped(Digest content) throws TreeException {
    return !tree().passPart(content, TreeUnderTest.file("another").digest());
  }

  private boolean settle() throws TreeException, IOException {
    Intent intent = here.fileIntent(expected("d/f"), "ours");
    Settled before = tree().settle(RelativePath.of("d/f"), intent);
    boolean done = run("d/f", intent);
    Settled after = tree().settle(RelativePath.of("d/f"), intent);
    return done && before instanceof Settled.NotApplied && after instanceof Settled.Applied;
  }

  private int scan(RelativePath directory) throws IOException {
    int entries = 0;
    try {
      for (Child child : tree().list(directory)) {
        attacked.isOurs(child);
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
