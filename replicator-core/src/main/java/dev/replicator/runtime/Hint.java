package dev.replicator.runtime;

/** What a watcher says of a path, the least first. */
enum Hint {
  /** The path itself may have changed. */
  CHANGED,

  /** It is a directory, and all below it is new. */
  APPEARED,

  /** The same, and it came by one rename: it is whole. */
  MOVED_IN;

  Hint and(Hint other) {
    return compareTo(other) < 0 ? other : this;
  }
}
