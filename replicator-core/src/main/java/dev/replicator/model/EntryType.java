package dev.replicator.model;

/** The kinds of entry. */
public enum EntryType {
  ABSENT,
  DIRECTORY,
  FILE,
  SYMLINK
}
