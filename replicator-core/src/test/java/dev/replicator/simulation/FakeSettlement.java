package dev.replicator.simulation;

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
import java.time.Instant;
import java.util.Optional;

/** Tells how an intent ended on a simulated disk. */
final class FakeSettlement {
  private final FakeTree tree;

  FakeSettlement(FakeTree tree) {
    this.tree = tree;
  }

  Settled settle(RelativePath path, Look live, Intent intent) throws TreeException {
    Optional<Materialised> expected = intent.expected().filter(then -> then.entry().isPresent());
    String aside = FakeTree.asideName(path, intent);
    Optional<Inode> old = tree.waiting(aside);
    Settled found = settle(live, intent, expected);
    Settled settled =
        found instanceof Settled.Unclear && old.isPresent() && displaces(intent)
            ? new Settled.Applied(intent.staged().orElse(FakeExchange.NO_STAMP), intent.target())
            : found;
    boolean overtaken =
        settled instanceof Settled.Applied
            && expected.isPresent()
            && old.isPresent()
            && !FakeExchange.isUntouched(old.get(), expected.get());
    return overtaken && settled instanceof Settled.Applied applied
        ? new Settled.Overtaken(applied.stamp(), applied.actual(), FakeTree.found(old.get()), aside)
        : settled;
  }

  /** Whether what gave way to {@code intent} tells, where it waits, that it was brought about. */
  static boolean displaces(Intent intent) {
    return intent.staged().isPresent() || !intent.target().entry().isPresent();
  }

  private Settled settle(Look live, Intent intent, Optional<Materialised> expected)
      throws TreeException {
    boolean removal = intent.target().entry() instanceof Entry.Absent;
    boolean waits = !intent.stagedName().isEmpty() && tree.waiting(intent.stagedName()).isPresent();
    if (live instanceof Look.Found found) {
      return found(found, intent, expected, waits);
    }
    if (!(live instanceof Look.Gone)) {
      return new Settled.Unclear();
    }
    if (removal) {
      return new Settled.Applied(FakeExchange.NO_STAMP, Target.ABSENT);
    }
    if (expected.isEmpty()) {
      return waits || intent.stagedName().isEmpty()
          ? new Settled.NotApplied()
          : new Settled.Unclear();
    }
    return waits && !isAcrossKinds(intent, expected)
        ? new Settled.NotApplied()
        : new Settled.Unclear();
  }

  /** What is there gives way first then, and what is staged is put in a second step. */
  static boolean isAcrossKinds(Intent intent, Optional<Materialised> expected) {
    boolean directory = intent.target().entry().type() == EntryType.DIRECTORY;
    return expected
        .filter(then -> (then.entry().type() == EntryType.DIRECTORY) != directory)
        .isPresent();
  }

  private static Settled found(
      Look.Found live, Intent intent, Optional<Materialised> expected, boolean waits) {
    Stamp stamp = live.stamp();
    if (intent.staged().map(staged -> staged.inode() == stamp.inode()).orElse(false)) {
      Look.Found put = live.asStaged(intent.staged().get());
      return new Settled.Applied(put.stamp(), actual(intent.target(), put));
    }
    if (waits || expected.map(live::holds).orElse(false)) {
      return new Settled.NotApplied();
    }
    return intent.staged().isEmpty() && isAsAsked(live, intent.target())
        ? new Settled.Applied(stamp, actual(intent.target(), live))
        : new Settled.Unclear();
  }

  private static Target actual(Target asked, Look.Found live) {
    Instant mtime =
        live.type().isTimed() ? Instant.ofEpochSecond(0, live.stamp().mtimeNanos()) : asked.mtime();
    return new Target(asked.entry(), mtime, live.attributes());
  }

  private static boolean isAsAsked(Look.Found live, Target target) {
    if (live.type() != target.entry().type()) {
      return false;
    }
    boolean content =
        switch (target.entry()) {
          case Entry.File file -> live.stamp().size() == file.size();
          case Entry.Symlink link -> live.linkTarget().equals(link.target());
          case Entry.Directory directory -> true;
          case Entry.Absent absent -> false;
        };
    return content
        && actual(target, live).mtime().equals(target.mtime())
        && live.attributes().mode() == FakeTree.enforced(target.attributes())
        && isAsAsked(live.attributes().owner(), target.attributes().owner())
        && isAsAsked(live.attributes().group(), target.attributes().group());
  }

  private static boolean isAsAsked(Principal real, Principal asked) {
    return asked.name().isEmpty() ? real.id() == asked.id() : real.name().equals(asked.name());
  }
}
