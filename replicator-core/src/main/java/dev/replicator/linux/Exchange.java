package dev.replicator.linux;

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
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one intent about.
 *
 * <p>A new name is given by a rename that replaces nothing. What a path holds is exchanged in one
 * step for what was staged, of whatever kind both are, and then waits in staging under the name of
 * that: so no name is ever missing, and what was really replaced is looked at afterwards, when
 * nobody can put anything else in its place. When it is not what was expected, somebody wrote
 * between the last check and the exchange, and that is kept. A directory cannot be kept so: it goes
 * back.
 */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);
  static final Stamp NO_STAMP = new Stamp(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final HeldRoot root;
  private final Inspector inspector;
  private final Staging staging;
  private final Touch touch;
  private final Stager stager;
  private final Window window;

  /** What comes between two steps of an exchange: nothing, but in a test somebody writes there. */
  interface Window {
    Window NONE = new Window() {};

    /** Between the last check of a path and its change. */
    default void beforeChange() {}

    /** Before a member is moved into the directory with which it is to appear. */
    default void beforeMember() {}

    /** Between the change of a path and the look at what came of it. */
    default void afterChange() {}
  }

  Exchange(
      HeldRoot root,
      Inspector inspector,
      Staging staging,
      Touch touch,
      Stager stager,
      Window window) {
    this.root = root;
    this.inspector = inspector;
    this.staging = staging;
    this.touch = touch;
    this.stager = stager;
    this.window = window;
  }

  /** An object that is ready in staging. */
  private record Ready(String name, Look.Found found) {
    byte[] octets() throws TreeException {
      return Staging.octets(name);
    }
  }

  /**
   * @param sparing whether a file that somebody has open for writing is left alone
   */
  Exchanged run(RelativePath path, Intent intent, boolean sparing) {
    try {
      root.requireRoot();
      if (HeldRoot.isOwn(path)) {
        return failed(Kind.REFUSED, "a name of the engine's own");
      }
      if (path.isRoot() && !(intent.target().entry() instanceof Entry.Directory)) {
        return failed(Kind.REFUSED, "the root itself stays a directory");
      }
      try (Descriptor parent = root.openParent(path)) {
        return run(Place.of(inspector, parent, path), path, intent, sparing);
      }
    } catch (TreeException failure) {
      return new Exchanged.Failed(failure.problem());
    } catch (IOException failure) {
      return new Exchanged.Failed(Errno.problemOf(failure));
    }
  }

  private Exchanged run(Place at, RelativePath path, Intent intent, boolean sparing)
      throws TreeException, IOException {
    Optional<Materialised> expected = intent.expected().filter(then -> then.entry().isPresent());
    boolean[] written = {false};
    Look current = at.look(file -> written[0] = sparing && Lease.isRefused(file));
    if (written[0]) {
      return new Exchanged.BeingWritten();
    }
    if (!isExpected(current, expected)) {
      return new Exchanged.Unexpected();
    }
    return current instanceof Look.Found found && expected.isPresent()
        ? change(at, path, intent, expected.get(), found)
        : create(at, path, intent);
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

  private static Exchanged notEmpty() {
    return failed(Kind.OBSTRUCTED, "directory not empty");
  }

  private Exchanged create(Place at, RelativePath path, Intent intent)
      throws TreeException, IOException {
    if (intent.target().entry() instanceof Entry.Absent) {
      return new Exchanged.Removed("");
    }
    Ready ready = ready(path, intent);
    window.beforeChange();
    try {
      at.create(staging, ready.octets());
      return done(at, intent, ready, "");
    } catch (Errno failure) {
      if (intent.stagedName().isEmpty()) {
        staging.drop(ready.name);
      }
      return switch (failure.number()) {
        case Errno.EEXIST -> new Exchanged.Unexpected();
        case Errno.ENOENT -> failed(Kind.OBSTRUCTED, "its directory is missing");
        default -> throw failure;
      };
    }
  }

  private Exchanged change(
      Place at, RelativePath path, Intent intent, Materialised expected, Look.Found current)
      throws TreeException, IOException {
    Entry target = intent.target().entry();
    if (target instanceof Entry.Absent) {
      return current.type() == EntryType.DIRECTORY
          ? removeDirectory(at)
          : remove(at, staging.freeAsideName(path, intent), expected);
    }
    if (intent.stagedName().isEmpty() && target.equals(expected.entry())) {
      return current.type() != EntryType.DIRECTORY && current.stamp().links() > 1
          ? touchCopy(at, staging.freeAsideName(path, intent), intent, expected)
          : touch.run(at, intent.target(), expected);
    }
    if (target instanceof Entry.Directory && current.type() == EntryType.DIRECTORY) {
      Exchanged touched = touch.run(at, intent.target(), expected);
      staging.discard(intent.stagedName());
      return touched;
    }
    if (current.type() == EntryType.DIRECTORY && !at.isEmptyDirectory()) {
      return notEmpty();
    }
    return replace(at, intent, ready(path, intent), expected);
  }

  /** The staged object of {@code intent}; a directory is staged here when it was not before. */
  private Ready ready(RelativePath path, Intent intent) throws TreeException {
    String name = intent.stagedName();
    if (name.isEmpty() && intent.target().entry() instanceof Entry.Directory) {
      name = stager.stage(intent.target(), staging.freeAsideName(path, intent)).name();
    }
    Optional<Look.Found> found = staging.find(name, intent.staged());
    if (found.isEmpty() || found.get().type() != intent.target().entry().type()) {
      throw new TreeException(new Problem(Kind.INPUT_OUTPUT, "the staged object is missing"));
    }
    return new Ready(name, found.get());
  }

  private Exchanged replace(Place at, Intent intent, Ready ready, Materialised expected)
      throws TreeException, IOException {
    byte[] name = ready.octets();
    window.beforeChange();
    try {
      at.exchange(staging, name);
    } catch (Errno failure) {
      if (failure.isGone()) {
        return new Exchanged.Unexpected();
      }
      throw failure;
    }
    Exchanged.Done done = done(at, intent, ready, ready.name);
    try {
      return switch (staging.look(ready.name)) {
        case Look.Found found when found.type() == EntryType.DIRECTORY ->
            displacedDirectory(at, ready, expected, done);
        case Look.Found found -> displaced(ready, expected, done, found);
        case Look.Special special -> putBack(at, ready, done, new Exchanged.Unexpected());
        case Look.Gone gone -> withoutDisplaced(done);
        case Look.RootLost lost -> withoutDisplaced(done);
      };
    } catch (TreeException | IOException failure) {
      // Never said to have failed: the path is changed. What it held is kept unseen.
      log.error("cannot tell what {} in staging was: {}", ready.name, failure.toString());
      return done;
    }
  }

  private static Exchanged.Done withoutDisplaced(Exchanged.Done done) {
    return new Exchanged.Done(done.stamp(), done.actual(), "");
  }

  private Exchanged displaced(
      Ready ready, Materialised expected, Exchanged.Done done, Look.Found found) {
    if (!isUntouched(found, expected)) {
      return new Exchanged.Overtaken(done.stamp(), done.actual(), found, ready.name);
    }
    if (found.type() == EntryType.FILE) {
      return done;
    }
    staging.drop(ready.name);
    return withoutDisplaced(done);
  }

  /** Whether what waits in staging is what was expected: its way there changed its ctime. */
  static boolean isUntouched(Look.Found displaced, Materialised expected) {
    return switch (expected.entry()) {
      case Entry.File file ->
          displaced.type() == EntryType.FILE
              && displaced.stamp().equalsExceptCtime(expected.stamp())
              // Their change shows in the ctime alone.
              && displaced
                  .attributes()
                  .extended()
                  .equals(expected.actual().attributes().extended());
      case Entry.Symlink link ->
          displaced.type() == EntryType.SYMLINK && displaced.linkTarget().equals(link.target());
      case Entry.Directory directory -> displaced.type() == EntryType.DIRECTORY;
      case Entry.Absent absent -> false;
    };
  }

  /** Its removal tells whether it is empty, and keeps it so: where it is, few can come. */
  private Exchanged displacedDirectory(
      Place at, Ready ready, Materialised expected, Exchanged.Done done)
      throws TreeException, IOException {
    if (!(expected.entry() instanceof Entry.Directory)) {
      return putBack(at, ready, done, new Exchanged.Unexpected());
    }
    return staging.isRemoved(ready.name)
        ? withoutDisplaced(done)
        : putBack(at, ready, done, notEmpty());
  }

  /**
   * Puts back what staging cannot keep, and answers {@code answer}; the staged object waits again.
   * When somebody put something in its place in this moment, that is now in staging, and kept.
   */
  private Exchanged putBack(Place at, Ready ready, Exchanged.Done done, Exchanged answer)
      throws TreeException, IOException {
    try {
      at.exchange(staging, ready.octets());
    } catch (Errno failure) {
      if (failure.number() != Errno.ENOENT) {
        throw failure;
      }
      at.create(staging, ready.octets());
      return answer;
    }
    if (staging.look(ready.name) instanceof Look.Found back
        && !Staging.isSame(back.stamp(), ready.found.stamp())) {
      return back.type() == EntryType.DIRECTORY
          ? withoutDisplaced(done)
          : new Exchanged.Overtaken(done.stamp(), done.actual(), back, ready.name);
    }
    return answer;
  }

  /**
   * Puts a directory back that an exchange displaced just before a crash.
   *
   * @return whether the staged object waits again
   */
  boolean putBack(RelativePath path, String displaced) throws TreeException {
    try (Descriptor parent = root.openParent(path)) {
      Place at = Place.of(inspector, parent, path);
      if (at.look() instanceof Look.Gone) {
        at.create(staging, Staging.octets(displaced));
      } else {
        at.exchange(staging, Staging.octets(displaced));
      }
      return true;
    } catch (IOException failure) {
      log.error("cannot put back {}, {} in staging: {}", path, displaced, failure.toString());
      return false;
    }
  }

  /** The rename takes whatever is there; nothing is deleted that was not looked at. */
  private Exchanged remove(Place at, String name, Materialised expected)
      throws TreeException, IOException {
    window.beforeChange();
    try {
      at.moveAside(staging, Staging.octets(name));
    } catch (Errno failure) {
      if (failure.isGone()) {
        return new Exchanged.Unexpected();
      }
      throw failure;
    }
    Look aside;
    try {
      aside = staging.look(name);
    } catch (IOException failure) {
      // Never said to have failed: the name is free. What it held is kept unseen.
      log.error("cannot tell what {} in staging was: {}", name, failure.toString());
      return new Exchanged.Removed(name);
    }
    if (!(aside instanceof Look.Found found) || found.type() == EntryType.DIRECTORY) {
      try {
        at.create(staging, Staging.octets(name));
      } catch (Errno taken) {
        log.error("{} stays in staging: {}", name, taken.toString());
      }
      return new Exchanged.Unexpected();
    }
    if (!isUntouched(found, expected)) {
      return new Exchanged.Overtaken(NO_STAMP, Target.ABSENT, found, name);
    }
    if (found.type() == EntryType.FILE) {
      return new Exchanged.Removed(name);
    }
    staging.drop(name);
    return new Exchanged.Removed("");
  }

  private static Exchanged removeDirectory(Place at) throws Errno {
    try {
      at.removeDirectory();
      return new Exchanged.Removed("");
    } catch (Errno failure) {
      return switch (failure.number()) {
        case Errno.ENOENT -> new Exchanged.Removed("");
        case Errno.ENOTDIR -> new Exchanged.Unexpected();
        case Errno.EEXIST, Errno.ENOTEMPTY -> notEmpty();
        default -> throw failure;
      };
    }
  }

  /** The other names of the inode keep its metadata. */
  private Exchanged touchCopy(Place at, String name, Intent intent, Materialised expected)
      throws TreeException, IOException {
    Target target = intent.target();
    if (target.entry() instanceof Entry.File) {
      Optional<Exchanged> changed = copy(at, name, target, expected);
      if (changed.isPresent()) {
        return changed.get();
      }
    } else {
      stager.stage(target, name);
    }
    Optional<Look.Found> found = staging.find(name, Optional.empty());
    if (found.isEmpty()) {
      return failed(Kind.INPUT_OUTPUT, "the staged object is missing");
    }
    Exchanged replaced = replace(at, intent, new Ready(name, found.get()), expected);
    if (!(replaced instanceof Exchanged.Overtaken) && !(replaced instanceof Exchanged.Done)) {
      staging.drop(name);
    }
    return replaced;
  }

  /** Copies a file into staging; empty when it stayed what was expected meanwhile. */
  private Optional<Exchanged> copy(Place at, String name, Target target, Materialised expected)
      throws TreeException, IOException {
    try (LinuxStagedFile copy = stager.file(name);
        Descriptor object = at.hold()) {
      if (!(inspector.look(object) instanceof Look.Found before) || !before.holds(expected)) {
        return Optional.of(new Exchanged.Unexpected());
      }
      try (DescriptorChannel source = Reading.of(object)) {
        Staging.copy(source, copy.file());
      }
      if (!(inspector.look(object) instanceof Look.Found after) || !after.holds(expected)) {
        return Optional.of(new Exchanged.Unexpected());
      }
      copy.seal(before.stamp().size(), target.mtime(), target.attributes());
      return Optional.empty();
    }
  }

  /**
   * The staged object is under its name. When it was written to or replaced since, or got another
   * attribute, the stamp that it was put with makes the next look a local write.
   */
  private Exchanged.Done done(Place at, Intent intent, Ready ready, String displaced) {
    Look.Found put = ready.found;
    window.afterChange();
    try {
      if (at.look() instanceof Look.Found after
          && after.isAsStaged(put.stamp())
          && after.attributes().extended().equals(put.attributes().extended())) {
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
}
