package dev.replicator.model;

/** The kinds of things that are replicated. */
public enum EntryType {
  ABSENT,
  DIRECTORY,
  FILE,
  SYMLINK;

  /**
   * Whether its modification time is replicated. That of a directory is not: it follows from the
   * names in it, which come and go at other moments on every node.
   */
  public boolean isTimed() {
    return switch (this) {
      case FILE, SYMLINK -> true;
      case ABSENT, DIRECTORY -> false;
    };
  }
}
