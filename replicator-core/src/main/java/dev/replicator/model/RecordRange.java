package dev.replicator.model;

/**
 * All records of a stretch of paths as one: equal on two nodes that know the same of each of them.
 *
 * @param last the last of its paths that has a record; where the range begins when none has
 * @param paths how many have one
 * @param digest SHA-256 over their paths and records, in order
 */
public record RecordRange(RelativePath last, int paths, Digest digest) {
  public RecordRange {
    if (paths < 0) {
      throw new IllegalArgumentException("a range of " + paths + " paths");
    }
  }
}
