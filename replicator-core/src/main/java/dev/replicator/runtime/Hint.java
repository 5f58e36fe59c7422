package dev.replicator.runtime;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.RelativePath;
import java.util.Optional;

/**
 * What a watcher says of a path.
 *
 * @param from where it was before, when it came from within the root by one rename
 */
record Hint(Kind kind, Optional<RelativePath> from) {
  static final Hint CHANGED = new Hint(Kind.CHANGED, Optional.empty());
  static final Hint APPEARED = new Hint(Kind.APPEARED, Optional.empty());
  static final Hint MOVED_IN = new Hint(Kind.MOVED_IN, Optional.empty());

  /** The least first. */
  enum Kind {
    /** The path itself may have changed. */
    CHANGED,

    /** It is a directory, and all below it is new. */
    APPEARED,

    /** The same, and it came by one rename: it is whole. */
    MOVED_IN
  }

  static Hint movedFrom(RelativePath from) {
    return new Hint(Kind.MOVED_IN, Optional.of(from));
  }

  /** The same of what is no directory. */
  static Hint renamedFrom(RelativePath from) {
    return new Hint(Kind.CHANGED, Optional.of(from));
  }

  /** Both, of one path; {@code later} tells where it came from last. */
  Hint and(Hint later) {
    Kind both = kind.compareTo(later.kind) < 0 ? later.kind : kind;
    boolean came = later.kind == Kind.MOVED_IN || later.from.isPresent();
    return new Hint(both, came ? later.from : from);
  }

  /** What the replica is told of it: of a change of the root itself, nothing. */
  Optional<Event> at(RelativePath path) {
    if (path.isRoot()) {
      return kind == Kind.CHANGED
          ? Optional.empty()
          : Optional.of(new Event.ScopeSuspected(path, Cause.SCAN));
    }
    return Optional.of(below(path));
  }

  private Event below(RelativePath path) {
    return switch (kind) {
      case CHANGED ->
          from.<Event>map(before -> new Event.Renamed(path, before))
              .orElseGet(() -> new Event.Suspected(path, Cause.WATCH, false));
      case APPEARED -> new Event.ScopeSuspected(path, Cause.WATCH);
      case MOVED_IN -> new Event.MovedIn(path, from);
    };
  }
}
