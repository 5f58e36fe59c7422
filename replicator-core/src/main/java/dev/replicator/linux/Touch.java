package dev.replicator.linux;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Changes metadata alone, on the very object that was expected. */
final class Touch {
  private static final Duration COARSEST_CLOCK = Duration.ofSeconds(2);

  private final HeldRoot root;
  private final Inspector inspector;
  private final Metadata metadata;
  private final Exchange.Window window;

  Touch(HeldRoot root, Inspector inspector, Metadata metadata, Exchange.Window window) {
    this.root = root;
    this.inspector = inspector;
    this.metadata = metadata;
    this.window = window;
  }

  /**
   * Ends what a crash cut off of {@link #run}.
   *
   * @param cut what is there, part of the way from what it was to {@code target}
   */
  Exchanged runOn(RelativePath path, Target target, Materialised cut) throws TreeException {
    try (Descriptor parent = root.openParent(path)) {
      return run(Place.of(inspector, parent, path), target, cut);
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  Exchanged run(Place at, Target target, Materialised expected) throws TreeException, IOException {
    window.beforeChange();
    try (Descriptor object = at.hold()) {
      Exchanged touched =
          target.entry() instanceof Entry.File && Reading.isFile(object)
              ? touchLeased(object, target, expected)
              : touch(object, target, expected, false);
      boolean there =
          at.look() instanceof Look.Found found
              && Staging.isSame(found.stamp(), PathCalls.status(object.number()).stamp());
      return there ? touched : new Exchanged.Unexpected();
    } catch (Errno failure) {
      if (failure.isGone()) {
        return new Exchanged.Unexpected();
      }
      throw failure;
    }
  }

  /** Who opens the file to write waits until its time is set: else that would hide his write. */
  private Exchanged touchLeased(Descriptor object, Target target, Materialised expected)
      throws IOException {
    try (Lease lease = Lease.ask(object)) {
      return touch(object, target, expected, lease.isRefused());
    }
  }

  /**
   * @param open whether somebody may be writing meanwhile: what he writes just before the time is
   *     set has no time of its own, so nothing is believed by the new stamp
   */
  private Exchanged touch(Descriptor object, Target target, Materialised expected, boolean open)
      throws IOException {
    if (!(inspector.look(object) instanceof Look.Found before) || !before.holds(expected)) {
      return new Exchanged.Unexpected();
    }
    metadata.apply(object, target.mtime(), target.attributes());
    if (!(inspector.look(object) instanceof Look.Found after)) {
      return new Exchanged.Unexpected();
    }
    boolean written =
        after.type() == EntryType.FILE
            && (open
                || after.stamp().size() != before.stamp().size()
                || !isTimeSet(after.stamp(), target.mtime()));
    Stamp stamp = written ? before.stamp() : after.stamp();
    return new Exchanged.Done(stamp, Exchange.actual(target, after), "");
  }

  /** Coarse file systems cut a time short; a writer's time is later than the one that we set. */
  static boolean isTimeSet(Stamp stamp, Instant asked) {
    Instant real = Instant.ofEpochSecond(0, stamp.mtimeNanos());
    return !real.isAfter(asked) && Duration.between(real, asked).compareTo(COARSEST_CLOCK) < 0;
  }
}
