package dev.replicator.kernel;

/** Which directories that arrived as a whole elsewhere are put as a whole here. */
public enum WholeDirectories {
  NONE,
  /** Those of which nothing is here. */
  NEW,
  /** Those, too, that take the place of another one. */
  ALL
}
