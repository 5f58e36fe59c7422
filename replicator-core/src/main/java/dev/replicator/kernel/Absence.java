package dev.replicator.kernel;

/** Whether a path that was seen to be gone waits before it is deleted everywhere. */
public enum Absence {
  /** It is there, or nothing waits. */
  NONE,
  /** In a moment it is judged, together with what went at the same time. */
  TO_BE_JUDGED,
  /** An administrator is to say whether it was meant. */
  HELD
}
