package dev.replicator.kernel;

import dev.replicator.model.Digest;
import dev.replicator.model.Initial;
import dev.replicator.model.NodeId;

/**
 * What a replica is told once.
 *
 * @param initial what shows where a tree found with a new journal differs from that of others
 * @param rules digest of the filter's rules, compared with that of peers
 * @param groups whether directories can be put as a whole
 * @param observing takes nothing in from the disk, puts nothing on it and sends no change
 * @param bounds how much is taken up at once
 */
public record Settings(
    NodeId self,
    PathFilter filter,
    Digest rules,
    Initial initial,
    boolean groups,
    boolean observing,
    Bounds bounds) {

  /** Of a daemon. */
  public Settings(
      NodeId self,
      PathFilter filter,
      Digest rules,
      Initial initial,
      boolean groups,
      boolean observing) {
    this(self, filter, rules, initial, groups, observing, Bounds.ORDINARY);
  }
}
