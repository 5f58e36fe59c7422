package dev.replicator.portable;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.TreeException;
import java.util.Optional;

/** Tells by where the objects are now how an intent ended that was open at a crash. */
final class Settlement {
  private static final Stamp NO_STAMP = new Stamp(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final PortableTree tree;
  private final Staging staging;

  Settlement(PortableTree tree, Staging staging) {
    this.tree = tree;
    this.staging = staging;
  }

  Settled settle(RelativePath path, Intent intent) throws TreeException {
    Look live = tree.look(path);
    Optional<Materialised> expected = intent.expected().filter(then -> then.entry().isPresent());
    Settled told =
        switch (live) {
          case Look.RootLost lost -> throw new TreeException(lost.problem());
          case Look.Special special -> new Settled.Unclear();
          case Look.Gone gone -> gone(intent, expected);
          case Look.Found found -> found(found, intent, expected);
        };
    Settled settled =
        told instanceof Settled.Unclear && isRemoved(path, intent)
            ? new Settled.Applied(NO_STAMP, Target.ABSENT)
            : told;
    return settled instanceof Settled.Applied applied && expected.isPresent()
        ? displaced(path, intent, applied, expected.get())
        : settled;
  }

  /**
   * Whether what was to be removed waits in staging: then whatever is under its name now came
   * later. Of what is replaced that tells nothing, for it waits there from before that; and a
   * directory goes back.
   */
  private boolean isRemoved(RelativePath path, Intent intent) throws TreeException {
    return intent.target().entry() instanceof Entry.Absent
        && staging
            .aside(tree.resolve(path), intent, Optional.empty())
            .filter(aside -> aside.found().type() != EntryType.DIRECTORY)
            .isPresent();
  }

  /** What gave way may have been written to in the very last moment before. */
  private Settled displaced(
      RelativePath path, Intent intent, Settled.Applied applied, Materialised expected)
      throws TreeException {
    boolean moved = applied.actual().entry() instanceof Entry.Absent;
    Optional<Stamp> linked = moved ? Optional.empty() : Optional.of(expected.stamp());
    return staging
        .aside(tree.resolve(path), intent, linked)
        .filter(aside -> !aside.isUntouched(expected))
        .<Settled>map(aside ->
            new Settled.Overtaken(applied.stamp(), applied.actual(), aside.found(), aside.name()))
        .orElse(applied);
  }

  private Settled gone(Intent intent, Optional<Materialised> expected) throws TreeException {
    if (intent.target().entry() instanceof Entry.Absent) {
      return new Settled.Applied(NO_STAMP, Target.ABSENT);
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

  private Settled found(Look.Found live, Intent intent, Optional<Materialised> expected)
      throws TreeException {
    if (isStaged(live, intent)) {
      Look.Found put = live.asStaged(intent.staged().orElse(live.stamp()));
      return new Settled.Applied(put.stamp(), Exchange.actual(intent.target(), put));
    }
    if (expected.map(live::holds).orElse(false) || isWaiting(intent)) {
      return new Settled.NotApplied();
    }
    return intent.staged().isEmpty() && isAsAsked(live, intent.target())
        ? new Settled.Applied(live.stamp(), Exchange.actual(intent.target(), live))
        : new Settled.Unclear();
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
  private static boolean isAsAsked(Look.Found live, Target target) {
    boolean mtime =
        !live.type().isTimed() || Exchange.actual(target, live).mtime().equals(target.mtime());
    return live.type() == target.entry().type()
        && mtime
        && isContentAsAsked(live, target.entry())
        && live.attributes().mode() == Metadata.enforced(target.attributes())
        && isAsAsked(live.attributes().owner(), target.attributes().owner())
        && isAsAsked(live.attributes().group(), target.attributes().group());
  }

  private static boolean isContentAsAsked(Look.Found live, Entry entry) {
    return switch (entry) {
      case Entry.File file -> live.stamp().size() == file.size();
      case Entry.Symlink link -> live.linkTarget().equals(link.target());
      case Entry.Directory directory -> true;
      case Entry.Absent absent -> false;
    };
  }

  private static boolean isAsAsked(Principal real, Principal asked) {
    return asked.name().isEmpty() ? real.id() == asked.id() : real.name().equals(asked.name());
  }
}
