package dev.replicator.block;

/** What this node knows to have been on the device of DRBD. */
public enum Past {
  /** Nothing: the node is new, or lost what it remembered. */
  UNKNOWN,
  /** It began the first sync of two new disks, and saw no file system since. */
  FIRST_SYNC,
  /** OCFS2 was there: whatever looks blank now is not. */
  SERVED
}
