package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.StagingArea.Displaced;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.Child;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUnderTest;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A tree under attack: whatever it answers is from inside, and who asks counts what succeeds. */
final class AttackedTree {
  /** Looks at a path that is to be found: about every fourth is at what we put there. */
  private static final int LOOKS_MAX = 50;

  private final LinuxTreeFixture here;
  private final AttackGround ground;
  private final Path vault;
  private final TreeMap<String, Long> done = new TreeMap<>();

  AttackedTree(LinuxTreeFixture here, AttackGround ground, Path vault) {
    this.here = here;
    this.ground = ground;
    this.vault = vault;
  }

  LinuxTreeFixture here() {
    return here;
  }

  Tree tree() {
    return here.tree();
  }

  /** How often each kind of operation succeeded. */
  Map<String, Long> done() {
    return done;
  }

  interface Operation {
    boolean run() throws TreeException, IOException;
  }

  void attempt(String name, Operation operation) throws IOException {
    boolean succeeded;
    try {
      succeeded = operation.run();
    } catch (TreeException swapped) {
      succeeded = false;
    }
    done.merge(name, succeeded ? 1L : 0L, Long::sum);
  }

  /** Whether anything is there; what is, is not outside. */
  boolean isOurs(String path, Look look) {
    if (look instanceof Look.Found found) {
      assertInside(path, found.stamp().inode());
      return true;
    }
    return false;
  }

  void assertInside(String path, long inode) {
    assertFalse(ground.isOutside(inode), path);
  }

  boolean isOurs(Child child) {
    assertNotEquals(AttackGround.ONLY_OUTSIDE, last(child.path()));
    return isOurs(child.path().toString(), child.look());
  }

  private static String last(RelativePath path) {
    String text = path.toString();
    return text.substring(text.lastIndexOf('/') + 1);
  }

  static void assertOurs(SeekableByteChannel channel) throws IOException {
    assertNotEquals(AttackGround.SECRET, TreeUnderTest.read(channel));
  }

  Look.Found there(String path) throws TreeException {
    if (tree().look(RelativePath.of(path)) instanceof Look.Found found) {
      isOurs(path, found);
      return found;
    }
    throw gone();
  }

  /** Whether a directory is found there by many looks. */
  boolean isThere(RelativePath directory) {
    try {
      return sought(directory, EntryType.DIRECTORY).type() == EntryType.DIRECTORY;
    } catch (TreeException gone) {
      return false;
    }
  }

  /** Looks until nothing else stands in its place. */
  Look.Found sought(RelativePath path, EntryType type) throws TreeException {
    for (int i = 0; i < LOOKS_MAX; i++) {
      try {
        if (tree().look(path) instanceof Look.Found found && found.type() == type) {
          isOurs(path.toString(), found);
          return found;
        }
      } catch (TreeException swapped) {
        // Another look may find it.
      }
    }
    throw gone();
  }

  private static TreeException gone() {
    return new TreeException(new Problem(Problem.Kind.BUSY, "gone"));
  }

  /** What an engine would know of it, of its content nothing but the size. */
  static Materialised known(Look.Found found) {
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

  boolean run(String path, Intent intent) throws TreeException, IOException {
    return ended(path, tree().exchange(RelativePath.of(path), intent), intent);
  }

  /** Whether it was brought about, and then nothing from outside was displaced by it. */
  boolean ended(String path, Exchanged exchanged, Intent intent) throws TreeException, IOException {
    String displaced =
        switch (exchanged) {
          case Exchanged.Done it -> {
            assertInside(path, it.stamp().inode());
            yield it.displaced();
          }
          case Exchanged.Removed it -> it.displaced();
          case Exchanged.Overtaken it -> {
            isOurs(path, it.displacedLook());
            yield it.displaced();
          }
          case Exchanged.Unexpected it -> "";
          case Exchanged.BeingWritten it -> "";
          case Exchanged.Failed it -> "";
        };
    if (!displaced.isEmpty()) {
      keep(path, displaced, intent.expected());
    }
    if (!intent.stagedName().isEmpty()) {
      tree().discard(intent.stagedName());
    }
    return exchanged instanceof Exchanged.Done || exchanged instanceof Exchanged.Removed;
  }

  /** What was displaced goes into the vault, or, when it is no file, away. */
  void keep(String path, String name, Optional<Materialised> expected) throws IOException {
    if (expected.isPresent()) {
      attempt("displaced", () -> isUntouched(path, tree().displaced(name, expected.get())));
    }
    attempt("read staged", () -> readStaged(name));
    attempt("release", () -> release(name));
  }

  /** What an operation left there was ours as well. */
  void clearStaging() throws IOException {
    try {
      for (String name : tree().staged()) {
        for (String freed : tree().flatten(name)) {
          if (tree().staged().contains(freed)) {
            keep(name, freed, Optional.empty());
          }
        }
      }
    } catch (TreeException failure) {
      throw new IOException(failure);
    }
  }

  private boolean isUntouched(String path, Displaced displaced) {
    return switch (displaced) {
      case Displaced.Untouched it -> true;
      case Displaced.Written it -> !isOurs(path, it.look());
      case Displaced.BeingWritten it -> fail("only what is outside is open for writing: " + path);
    };
  }

  private boolean readStaged(String name) throws TreeException, IOException {
    try (SeekableByteChannel channel = tree().readStaged(name)) {
      assertOurs(channel);
    }
    return true;
  }

  private boolean release(String name) throws TreeException, IOException {
    Path place = vault.resolve(name);
    try {
      // What has another name is copied.
      Path kept = tree().release(name, place).orElse(place);
      // A link that was kept is one there, too, and leads outside.
      if (!Files.isSymbolicLink(kept)) {
        assertNotEquals(AttackGround.SECRET, Files.readString(kept));
      }
      Files.delete(kept);
      return true;
    } finally {
      tree().discard(name);
    }
  }
}
