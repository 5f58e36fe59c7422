package dev.replicator.portable;

import dev.replicator.model.Attributes;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
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
import dev.replicator.portable.Links.Kept;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Brings one intent about.
 *
 * <p>What a path holds is kept by a second name in staging before a rename puts the new object over
 * it, so that its name is never missing and its content is looked at once more afterwards. Java has
 * no exchange of two names: an object that somebody puts at the path between that second name and
 * the rename is lost, a window of some ten microseconds. Where a directory gives way to a file or a
 * file to a directory, the name is missing for as long: no rename goes over the other kind. A new
 * directory may in such a moment replace an empty one. What is written into a file in the
 * microseconds before its mtime alone is set does not show in its stamp.
 */
final class Exchange {
  private static final Duration COARSEST_CLOCK = Duration.ofSeconds(2);
  private static final Stamp NO_STAMP = new Stamp(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final PortableTree tree;
  private final Inspector inspector;
  private final Staging staging;
  private final Metadata metadata;
  private final Links links;
  private final Window window;

  /** What comes between two steps of an exchange: nothing, but in a test somebody writes there. */
  interface Window {
    Window NONE = new Window() {};

    /** Between the first check of a path and the second name of what it holds. */
    default void afterCheck() {}

    /** Between the last check of a path and its change. */
    default void beforeChange() {}

    /** Between the change of a path and the look at what came of it. */
    default void afterChange() {}
  }

  Exchange(
      PortableTree tree, Inspector inspector, Staging staging, Metadata metadata, Window window) {
    this.window = window;
    this.tree = tree;
    this.inspector = inspector;
    this.staging = staging;
    this.metadata = metadata;
    this.links = new Links(inspector, staging);
  }

  /** An object that is ready in staging. */
  private record Ready(String name, Path path, Look.Found found) {}

  Exchanged run(RelativePath path, Intent intent) {
    try {
      Path at = tree.resolve(path);
      Look current = inspector.look(at);
      Optional<Materialised> expected = intent.expected().filter(then -> then.entry().isPresent());
      if (!isExpected(current, expected)) {
        return new Exchanged.Unexpected();
      }
      if (path.isRoot() && !(intent.target().entry() instanceof Entry.Directory)) {
        return failed(Kind.REFUSED, "the root itself stays a directory");
      }
      return current instanceof Look.Found found && expected.isPresent()
          ? change(at, intent, expected.get(), found)
          : create(at, intent);
    } catch (TreeException failure) {
      return new Exchanged.Failed(failure.problem());
    } catch (IOException failure) {
      return new Exchanged.Failed(TreeException.problemOf(failure));
    }
  }

  private static boolean isExpected(Look current, Optional<Materialised> expected) {
    return switch (current) {
      case Look.Gone gone -> expected.isEmpty();
      case Look.Found found -> expected.map(found::holds).orElse(false);
      case Look.Special special -> false;
      case Look.RootLost lost -> false;
    };
  }

  private static Exchanged failed(Kind kind, String detail) {
    return new Exchanged.Failed(new Problem(kind, detail));
  }

  private Exchanged create(Path at, Intent intent) throws TreeException, IOException {
    if (intent.target().entry() instanceof Entry.Absent) {
      return new Exchanged.Removed("");
    }
    Ready ready = ready(intent);
    return link(at, ready) ? done(at, intent, ready, "") : new Exchanged.Unexpected();
  }

  private Exchanged change(Path at, Intent intent, Materialised expected, Look.Found current)
      throws TreeException, IOException {
    Entry target = intent.target().entry();
    if (target instanceof Entry.Absent) {
      return current.type() == EntryType.DIRECTORY
          ? removeDirectory(at)
          : remove(at, intent, expected);
    }
    if (intent.stagedName().isEmpty() && target.equals(expected.entry())) {
      return touch(at, intent, expected, current);
    }
    if (target instanceof Entry.Directory && current.type() == EntryType.DIRECTORY) {
      Exchanged touched = touch(at, intent, expected, current);
      staging.discard(intent.stagedName());
      return touched;
    }
    Ready ready = ready(intent);
    if (current.type() == EntryType.DIRECTORY) {
      return replaceDirectory(at, intent, ready);
    }
    return target instanceof Entry.Directory
        ? replaceByDirectory(at, intent, ready, expected)
        : replace(at, intent, ready, expected);
  }

  /** The staged object of {@code intent}; a directory is staged here when it was not before. */
  private Ready ready(Intent intent) throws TreeException {
    String name = intent.stagedName();
    if (name.isEmpty() && intent.target().entry() instanceof Entry.Directory) {
      name = tree.stage(intent.target()).name();
    }
    Optional<Look.Found> found = staging.find(name, intent.staged());
    if (found.isEmpty() || found.get().type() != intent.target().entry().type()) {
      throw new TreeException(new Problem(Kind.INPUT_OUTPUT, "the staged object is missing"));
    }
    return new Ready(name, staging.path(name), found.get());
  }

  /** Gives a staged object its name; tells false when the name is taken. */
  private boolean link(Path at, Ready ready) throws IOException {
    window.beforeChange();
    try {
      if (ready.found.type() != EntryType.DIRECTORY && links.link(at, ready.path, ready.found)) {
        staging.drop(ready.path);
        return true;
      }
      if (!(inspector.look(at) instanceof Look.Gone)) {
        return false;
      }
      Links.rename(ready.path, at);
      return true;
    } catch (FileAlreadyExistsException taken) {
      return false;
    } catch (IOException failure) {
      if (inspector.look(at) instanceof Look.Gone) {
        throw failure;
      }
      return false;
    }
  }

  private Exchanged replace(Path at, Intent intent, Ready ready, Materialised expected)
      throws TreeException, IOException {
    Optional<Aside> kept = keep(at, intent, expected);
    if (kept.isEmpty()) {
      return new Exchanged.Unexpected();
    }
    Aside aside = kept.get();
    window.beforeChange();
    try {
      Links.rename(ready.path, at);
    } catch (IOException failure) {
      staging.drop(aside.path());
      throw failure;
    }
    return conclude(done(at, intent, ready, aside.name()), aside, expected);
  }

  /** Gives what is at {@code at} a second name in staging, when it is still what is expected. */
  private Optional<Aside> keep(Path at, Intent intent, Materialised expected)
      throws TreeException, IOException {
    String name = staging.asideName(at, intent);
    Path path = staging.path(name);
    window.afterCheck();
    Kept kept = links.keep(at, path);
    if (inspector.look(path) instanceof Look.Found found) {
      Aside aside = new Aside(name, path, found, kept);
      if (aside.isUntouched(expected)) {
        return Optional.of(aside);
      }
    }
    staging.drop(path);
    return Optional.empty();
  }

  /** After the fact: was what gave way really what was expected, up to its last moment? */
  private Exchanged conclude(Exchanged.Done done, Aside aside, Materialised expected) {
    Aside now = lastOf(aside);
    if (!now.isUntouched(expected)) {
      return new Exchanged.Overtaken(done.stamp(), done.actual(), now.found(), aside.name());
    }
    if (now.found().type() != EntryType.FILE) {
      staging.drop(aside.path());
      return new Exchanged.Done(done.stamp(), done.actual(), "");
    }
    return done;
  }

  private Aside lastOf(Aside aside) {
    try {
      return inspector.look(aside.path()) instanceof Look.Found found
          ? aside.withFound(found)
          : aside;
    } catch (IOException unknown) {
      // The path has changed: whatever happens now, that is the answer.
      return aside;
    }
  }

  private Exchanged replaceDirectory(Path at, Intent intent, Ready ready)
      throws TreeException, IOException {
    if (!isEmpty(at)) {
      return failed(Kind.OBSTRUCTED, "directory not empty");
    }
    Path aside = staging.path(staging.freshName());
    window.beforeChange();
    Links.rename(at, aside);
    if (!isEmpty(aside)) {
      restore(at, aside);
      return failed(Kind.OBSTRUCTED, "directory not empty");
    }
    boolean linked;
    try {
      linked = link(at, ready);
    } catch (IOException failure) {
      restore(at, aside);
      throw failure;
    }
    staging.drop(aside);
    return linked ? done(at, intent, ready, "") : new Exchanged.Unexpected();
  }

  private Exchanged replaceByDirectory(Path at, Intent intent, Ready ready, Materialised expected)
      throws TreeException, IOException {
    Optional<Aside> moved = moveAside(at, intent);
    if (moved.isEmpty()) {
      return new Exchanged.Unexpected();
    }
    Aside aside = moved.get();
    boolean linked;
    try {
      linked = link(at, ready);
    } catch (IOException failure) {
      restore(at, aside.path());
      throw failure;
    }
    if (!linked && aside.isUntouched(expected)) {
      // Somebody was faster, and wrote over what we expected: as if we had never come.
      staging.drop(aside.path());
      return new Exchanged.Unexpected();
    }
    return conclude(done(at, intent, ready, aside.name()), aside, expected);
  }

  /**
   * Takes what is at {@code at} into staging: a file or a symbolic link. Anything else came there
   * in this moment; it goes back, and the answer is empty.
   */
  private Optional<Aside> moveAside(Path at, Intent intent) throws TreeException, IOException {
    String name = staging.asideName(at, intent);
    Path path = staging.path(name);
    window.beforeChange();
    Links.rename(at, path);
    if (inspector.look(path) instanceof Look.Found found && found.type() != EntryType.DIRECTORY) {
      return Optional.of(new Aside(name, path, found, Kept.LINKED));
    }
    restore(at, path);
    return Optional.empty();
  }

  /** Puts back what was moved aside, unless the name was taken since: then it stays in staging. */
  private void restore(Path at, Path aside) throws IOException {
    if (inspector.look(at) instanceof Look.Gone) {
      Links.rename(aside, at);
    }
  }

  /** The rename takes whatever is there; nothing is deleted that was not looked at. */
  private Exchanged remove(Path at, Intent intent, Materialised expected)
      throws TreeException, IOException {
    Optional<Aside> moved = moveAside(at, intent);
    if (moved.isEmpty()) {
      return new Exchanged.Unexpected();
    }
    Aside aside = moved.get();
    if (!aside.isUntouched(expected)) {
      return new Exchanged.Overtaken(NO_STAMP, Target.ABSENT, aside.found(), aside.name());
    }
    if (aside.found().type() == EntryType.FILE) {
      return new Exchanged.Removed(aside.name());
    }
    staging.drop(aside.path());
    return new Exchanged.Removed("");
  }

  private static Exchanged removeDirectory(Path at) throws IOException {
    try {
      Files.deleteIfExists(at);
      return new Exchanged.Removed("");
    } catch (DirectoryNotEmptyException full) {
      return failed(Kind.OBSTRUCTED, "directory not empty");
    }
  }

  /** Changes metadata alone. */
  private Exchanged touch(Path at, Intent intent, Materialised expected, Look.Found current)
      throws TreeException, IOException {
    Target target = intent.target();
    if (current.type() == EntryType.FILE && current.stamp().links() > 1) {
      return touchCopy(at, intent, expected, current);
    }
    window.beforeChange();
    metadata.apply(at, target.mtime(), target.attributes());
    if (!(inspector.look(at) instanceof Look.Found after)
        || after.stamp().inode() != current.stamp().inode()) {
      return new Exchanged.Unexpected();
    }
    boolean written =
        current.type() == EntryType.FILE
            && (after.stamp().size() != current.stamp().size()
                || !isTimeSet(after.stamp(), target.mtime()));
    Stamp stamp = written ? current.stamp() : after.stamp();
    return new Exchanged.Done(stamp, actual(target, after), "");
  }

  /** Coarse file systems cut a time short; a writer's time is later than the one that we set. */
  private static boolean isTimeSet(Stamp stamp, Instant asked) {
    Instant real = Instant.ofEpochSecond(0, stamp.mtimeNanos());
    return !real.isAfter(asked) && Duration.between(real, asked).compareTo(COARSEST_CLOCK) < 0;
  }

  /** The other names of the inode keep its metadata. */
  private Exchanged touchCopy(Path at, Intent intent, Materialised expected, Look.Found current)
      throws TreeException, IOException {
    Target target = intent.target();
    String name;
    try (PortableStagedFile copy = PortableStagedFile.create(staging, inspector, metadata);
        SeekableByteChannel source = Links.open(at)) {
      name = copy.name();
      Links.copy(source, copy.channel());
      copy.seal(current.stamp().size(), target.mtime(), target.attributes());
    }
    Optional<Look.Found> found = staging.find(name, Optional.empty());
    if (found.isEmpty()) {
      return failed(Kind.INPUT_OUTPUT, "the staged object is missing");
    }
    Ready ready = new Ready(name, staging.path(name), found.get());
    Exchanged replaced = replace(at, intent, ready, expected);
    if (replaced instanceof Exchanged.Done done) {
      staging.discard(done.displaced());
      return new Exchanged.Done(done.stamp(), done.actual(), "");
    }
    staging.drop(ready.path);
    return replaced;
  }

  /**
   * The staged object is under its name. When it was written to or replaced since, the stamp that
   * it was put with makes the next look a local write.
   */
  private Exchanged.Done done(Path at, Intent intent, Ready ready, String displaced) {
    Look.Found put = ready.found;
    window.afterChange();
    try {
      if (inspector.look(at) instanceof Look.Found after && after.isAsStaged(put.stamp())) {
        put = after;
      }
    } catch (IOException unknown) {
      // Then the next look tells.
    }
    return new Exchanged.Done(put.stamp(), actual(intent.target(), put), displaced);
  }

  /** The entry and mtime as asked, when nothing stood against them, and the attributes as found. */
  static Target actual(Target asked, Look.Found found) {
    Attributes attributes = found.attributes();
    Instant mtime =
        found.type().isTimed()
            ? Instant.ofEpochSecond(0, found.stamp().mtimeNanos())
            : asked.mtime();
    return new Target(asked.entry(), mtime, attributes);
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      return !children.iterator().hasNext();
    }
  }
}
