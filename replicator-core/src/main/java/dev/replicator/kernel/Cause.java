package dev.replicator.kernel;

/** Why a path is looked at: decides whether its absence is believed. */
public enum Cause {
  /** An event of the watcher named it, or a directory above it. */
  WATCH,
  /** A scan found the disk and the index to differ. */
  SCAN,
  /** The kernel wants to know before it goes on. */
  CHECK
}
