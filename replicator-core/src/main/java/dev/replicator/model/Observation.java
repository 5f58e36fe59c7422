package dev.replicator.model;

/** What a look at a path found. */
public sealed interface Observation {
  /** Nothing is there: ENOENT below a root whose identity was verified before and after. */
  record Gone() implements Observation {}

  /** The stamp is the expected one: nothing was written since. */
  record Unchanged(Stamp stamp) implements Observation {}

  /**
   * Something else than expected is there; a file was read whole between two equal stamps, or is
   * only appended to and was read up to the size it has in this stamp.
   *
   * @param chunks of a file; empty for other types
   */
  record Found(Stamp stamp, Target actual, ChunkList chunks) implements Observation {}

  /**
   * It changes while it is looked at, or was not to be read: look again.
   *
   * @param bytesRead of it, in vain
   */
  record Unsettled(long bytesRead) implements Observation {}

  /**
   * A new file is in the place of what was expected, its writer has not closed it, and nobody asked
   * for it as it is: look again when he does.
   */
  record Unclosed() implements Observation {}

  /** It cannot be read, or is of a kind that is not replicated. */
  record Unreadable(Problem problem) implements Observation {}

  /** The root is not the directory that it was: nothing below it can be believed. */
  record RootLost(Problem problem) implements Observation {}
}
