package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import java.util.Optional;

/**
 * What a watcher says of a path.
 *
 * @param from where a directory was before, when it came from within the root
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

  /** Both, of one path; {@code later} tells where it came from last. */
  Hint and(Hint later) {
    Kind both = kind.compareTo(later.kind) < 0 ? later.kind : kind;
    return new Hint(both, later.kind == Kind.MOVED_IN ? later.from : from);
  }
}
