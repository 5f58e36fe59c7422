package dev.replicator.model;

import java.util.Optional;

/**
 * An apply that has begun: written before the disk is touched, settled at start by where the staged
 * inode is.
 *
 * @param expected what we believe the path holds now; empty when nothing
 * @param target what it shall hold
 * @param to the writes that stand behind {@code target}
 * @param staged the stamp of what was staged; empty for a removal, a directory or metadata alone
 * @param stagedName under which the staged object waits in the staging directory, "" without one
 */
public record Intent(
    Optional<Materialised> expected,
    Target target,
    Knowledge to,
    Optional<Stamp> staged,
    String stagedName) {

  /** Whether a directory that was staged takes the place of another one, with all that is in it. */
  public boolean replacesDirectory() {
    return target.entry() instanceof Entry.Directory
        && staged.isPresent()
        && expected.map(was -> was.entry() instanceof Entry.Directory).orElse(false);
  }

  /** Tells this apply from every other of the same path, also after a crash. */
  public String key() {
    return stagedName + " " + expected.map(then -> then.stamp().toString()).orElse("");
  }
}
