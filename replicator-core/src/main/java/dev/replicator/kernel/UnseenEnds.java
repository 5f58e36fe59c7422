package dev.replicator.kernel;

import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.util.Optional;
import java.util.TreeMap;

/*
 * A file system may be mounted after the daemon was started, and the crash have been in the middle
 * of its work. What is not to be seen then is neither a deletion nor somebody's write: the intent
 * stays open, also over another start, until the first look at its path.
 */

/** Applies that a crash cut off, and that no start could settle because the root was not there. */
final class UnseenEnds {
  private final TreeMap<RelativePath, Intent> open = new TreeMap<>();

  /** Whether a look is to tell how this one ended. */
  boolean wait(Settled settled, Health health) {
    boolean waits = health.isLost() && settled instanceof Settled.Unclear;
    if (waits) {
      open.put(settled.path(), settled.intent());
    }
    return waits;
  }

  /** How that at {@code path} ended, if it was not known before this look. */
  Optional<Settled> seen(RelativePath path, Observation observation) {
    Intent intent = open.get(path);
    if (intent == null) {
      return Optional.empty();
    }
    Optional<Settled> end =
        switch (observation) {
          case Observation.Found found -> Optional.of(found(path, intent, found));
          case Observation.Unchanged same -> Optional.of(new Settled.NotApplied(path, intent));
          case Observation.Gone gone -> Optional.of(gone(path, intent));
          case Observation.Unsettled unsettled -> Optional.empty();
          case Observation.Unclosed unclosed -> Optional.empty();
          case Observation.Unreadable later -> Optional.empty();
          case Observation.RootLost later -> Optional.empty();
        };
    end.ifPresent(told -> open.remove(path));
    return end;
  }

  private static Settled found(RelativePath path, Intent intent, Observation.Found found) {
    Optional<Stamp> staged =
        intent.staged().filter(stamp -> stamp.inode() == found.stamp().inode());
    if (staged.isEmpty()) {
      return new Settled.Unclear(path, intent);
    }
    // What somebody did to it since is found by the same look.
    boolean untouched =
        found.stamp().equalsExceptCtime(staged.get())
            && found.actual().entry().equals(intent.target().entry());
    return untouched
        ? new Settled.Applied(path, intent, found.stamp(), found.actual())
        : new Settled.Applied(path, intent, staged.get(), intent.target());
  }

  private static Settled gone(RelativePath path, Intent intent) {
    return intent.target().entry() instanceof Entry.Absent
        ? new Settled.Applied(path, intent, Suspects.NO_STAMP, Target.ABSENT)
        : new Settled.Unclear(path, intent);
  }
}
