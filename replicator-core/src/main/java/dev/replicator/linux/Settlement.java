package dev.replicator.linux;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.TreeException;
import java.util.Optional;

/** Tells by where the objects are now how an intent ended that was open at a crash. */
final class Settlement {
  private final LinuxTree tree;
  private final Staging staging;
  private final Exchange exchange;
  private final Touch touch;
  private final Metadata metadata;

  Settlement(LinuxTree tree, Staging staging, Exchange exchange, Touch touch, Metadata metadata) {
    this.tree = tree;
    this.staging = staging;
    this.exchange = exchange;
    this.touch = touch;
    this.metadata = metadata;
  }

  Settled settle(RelativePath path, Intent intent) throws TreeException {
    Look live = tree.look(path);
    Optional<Materialised> expected = intent.expected().filter(then -> then.entry().isPresent());
    Settled told =
        switch (live) {
          case Look.RootLost lost -> throw new TreeException(lost.problem());
          case Look.Special special -> new Settled.Unclear();
          case Look.Gone gone -> gone(intent, expected);
          case Look.Found found -> found(path, found, intent, expected);
        };
    Settled settled = told instanceof Settled.Unclear ? wasApplied(path, intent) : told;
    return settled instanceof Settled.Applied applied && expected.isPresent()
        ? displaced(path, intent, applied, expected.get())
        : settled;
  }

  /**
   * Something else waits under the name of the staged object, or under that of what was to be
   * removed: then it was displaced, and whatever is under its name now came later. A directory goes
   * back, so it tells nothing.
   */
  private Settled wasApplied(RelativePath path, Intent intent) throws TreeException {
    boolean removal = intent.target().entry() instanceof Entry.Absent;
    String name = removal ? Staging.asideName(path, intent) : intent.stagedName();
    Optional<Look.Found> waiting =
        staging.find(name, Optional.empty()).filter(found -> found.type() != EntryType.DIRECTORY);
    if (removal && waiting.isPresent()) {
      return new Settled.Applied(Exchange.NO_STAMP, Target.ABSENT);
    }
    return intent
        .staged()
        .filter(
            staged -> waiting.map(found -> !Staging.isSame(staged, found.stamp())).orElse(false))
        .<Settled>map(staged -> new Settled.Applied(staged, intent.target()))
        .orElseGet(Settled.Unclear::new);
  }

  /**
   * What was changed on a copy, to leave other names alone, waits under the name that the copy had.
   * What of the attributes could not be put is not what somebody took away.
   */
  private boolean wasCopied(RelativePath path, Look.Found live, Intent intent)
      throws TreeException {
    Optional<Materialised> expected = intent.expected();
    return intent.stagedName().isEmpty()
        && expected.filter(was -> was.entry().equals(intent.target().entry())).isPresent()
        && staging
            .find(Staging.asideName(path, intent), expected.map(Materialised::stamp))
            .isPresent()
        && isContentAsAsked(live, intent.target().entry())
        && metadata.isGiven(live, intent.target().attributes())
        && (!live.type().isTimed() || Touch.isTimeSet(live.stamp(), intent.target().mtime()));
  }

  /** What gave way may have been written to in the very last moment before. */
  private Settled displaced(
      RelativePath path, Intent intent, Settled.Applied applied, Materialised expected)
      throws TreeException {
    String name =
        intent.stagedName().isEmpty() ? Staging.asideName(path, intent) : intent.stagedName();
    Optional<Look.Found> waiting = staging.find(name, Optional.empty());
    if (waiting.isEmpty()) {
      return applied;
    }
    Look.Found found = waiting.get();
    boolean whole = intent.replacesDirectory() && found.type() == EntryType.DIRECTORY;
    if (whole && Staging.isSame(found.stamp(), expected.stamp())) {
      // Of what was taken apart nothing comes back.
      return applied;
    }
    if (whole || (found.type() == EntryType.DIRECTORY && !staging.isRemoved(name))) {
      // Staging keeps no directory with what is in it.
      return exchange.putBack(path, name) ? new Settled.NotApplied() : applied;
    }
    return Exchange.isUntouched(found, expected)
        ? new Settled.Applied(applied.stamp(), applied.actual(), name)
        : new Settled.Overtaken(applied.stamp(), applied.actual(), found, name);
  }

  private Settled gone(Intent intent, Optional<Materialised> expected) throws TreeException {
    if (intent.target().entry() instanceof Entry.Absent) {
      return new Settled.Applied(Exchange.NO_STAMP, Target.ABSENT);
    }
    if (expected.isEmpty()) {
      return isWaiting(intent) || intent.stagedName().isEmpty()
          ? new Settled.NotApplied()
          : new Settled.Unclear();
    }
    boolean acrossTypes =
        (expected.get().entry() instanceof Entry.Directory)
            != (intent.target().entry() instanceof Entry.Directory);
    return acrossTypes || !isWaiting(intent) ? new Settled.Unclear() : new Settled.NotApplied();
  }

  private Settled found(
      RelativePath path, Look.Found live, Intent intent, Optional<Materialised> expected)
      throws TreeException {
    if (isStaged(live, intent)) {
      return applied(live, intent);
    }
    if (expected.map(live::holds).orElse(false) || isWaiting(intent)) {
      return new Settled.NotApplied();
    }
    if (expected.isPresent() && isPartOfIt(live, intent, expected.get())) {
      return touchOn(path, live, intent, expected.get());
    }
    return (intent.staged().isEmpty() && isAsAsked(live, intent.target()))
            || wasCopied(path, live, intent)
        ? new Settled.Applied(live.stamp(), Exchange.actual(intent.target(), live))
        : new Settled.Unclear();
  }

  /** Attributes were being changed in place: some are as before, the others as asked. */
  private boolean isPartOfIt(Look.Found live, Intent intent, Materialised was) {
    Stamp now = live.stamp();
    // The time comes last; another name has come since, which keeps what it has.
    boolean alone =
        live.type() == EntryType.DIRECTORY
            || now.mtimeNanos() == was.stamp().mtimeNanos() && now.links() == 1;
    return alone
        && intent.stagedName().isEmpty()
        && was.entry().equals(intent.target().entry())
        && now.file().equals(was.stamp().file())
        && isContentAsAsked(live, was.entry())
        && metadata.isBetween(live, was, intent.target().attributes());
  }

  /** Half of a change is nobody's write, and may let in whom neither side does: it is ended. */
  private Settled touchOn(RelativePath path, Look.Found live, Intent intent, Materialised was)
      throws TreeException {
    Target there = new Target(was.entry(), was.actual().mtime(), live.attributes());
    Materialised cut =
        new Materialised(live.stamp(), there, was.asked(), was.knowledge(), was.writtenMillis());
    return touch.runOn(path, intent.target(), cut) instanceof Exchanged.Done done
        ? new Settled.Applied(done.stamp(), done.actual())
        : new Settled.Unclear();
  }

  private static Settled applied(Look.Found live, Intent intent) {
    Look.Found put = live.asStaged(intent.staged().orElse(live.stamp()));
    return new Settled.Applied(put.stamp(), Exchange.actual(intent.target(), put));
  }

  /** Whether the live object is the one that was staged. */
  private static boolean isStaged(Look.Found live, Intent intent) {
    return live.type() == intent.target().entry().type()
        && intent.staged().map(staged -> Staging.isSame(staged, live.stamp())).orElse(false);
  }

  private boolean isWaiting(Intent intent) throws TreeException {
    return staging.find(intent.stagedName(), intent.staged()).isPresent();
  }

  /** Without a staged object to know it by, a path is ours when nothing differs from the target. */
  private boolean isAsAsked(Look.Found live, Target target) {
    boolean mtime =
        !live.type().isTimed() || Exchange.actual(target, live).mtime().equals(target.mtime());
    return mtime
        && isContentAsAsked(live, target.entry())
        && metadata.hasMode(live, target.attributes())
        && isAsAsked(live.attributes().owner(), target.attributes().owner())
        && isAsAsked(live.attributes().group(), target.attributes().group());
  }

  private static boolean isContentAsAsked(Look.Found live, Entry entry) {
    return switch (entry) {
      case Entry.File file -> live.type() == EntryType.FILE && live.stamp().size() == file.size();
      case Entry.Symlink link ->
          live.type() == EntryType.SYMLINK && live.linkTarget().equals(link.target());
      case Entry.Directory directory -> live.type() == EntryType.DIRECTORY;
      case Entry.Absent absent -> false;
    };
  }

  private static boolean isAsAsked(Principal real, Principal asked) {
    return asked.name().isEmpty() ? real.id() == asked.id() : real.name().equals(asked.name());
  }
}
