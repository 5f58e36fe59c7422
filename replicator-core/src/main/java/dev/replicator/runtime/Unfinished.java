package dev.replicator.runtime;

import dev.replicator.kernel.Effect;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Clock;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;

/*
 * Half of a file is of use to nobody while its writer is at work, and his close will be told.
 *
 * A directory that an event named is listed, and what is in it is told. By then the watcher hears
 * of it: so of a file that somebody is just making there his close will be told, and half of it is
 * of use to nobody. A file that he made long ago may be a log, in a directory that was renamed.
 *
 * Who writes a file anew removes the old one first, as tar, cp --remove-destination and git do: the
 * word of that has the new one looked at which he has just begun. The number of what is gone goes
 * to what is made next, so that a file of the same number is another when it was made after all
 * that was known of the old one. Of one with two names the close may be told of the other name.
 */

/** Which files that are found are still being made. Thread-safe. */
final class Unfinished {
  private static final long MAKING_MILLIS_MAX = 60_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Tree tree;
  private final Clock clock;
  private final boolean closesTold;

  Unfinished(Tree tree, Clock clock, boolean closesTold) {
    this.tree = tree;
    this.clock = clock;
    this.closesTold = closesTold;
  }

  /** One that a look found in the place of another. */
  boolean holds(Effect.Inspect asked, Stamp stamp) throws TreeException {
    long since = clock.wallMillis() - MAKING_MILLIS_MAX;
    boolean mayBe =
        closesTold
            && !asked.renamed()
            && stamp.links() <= 1
            && stamp.ctimeNanos() / NANOS_PER_MILLI >= since;
    if (!mayBe || asked.expected().isEmpty()) {
      return false;
    }
    long knownMillis = asked.expected().get().stamp().ctimeNanos() / NANOS_PER_MILLI;
    long bornMillisMin = Expected.isThere(asked, stamp) ? Math.max(since, knownMillis + 1) : since;
    return tree.isBeingWritten(asked.path(), bornMillisMin);
  }

  /** One that a scan found, of which nothing was known. */
  boolean holds(RelativePath path, Tree.Look.Found found) {
    long since = clock.wallMillis() - MAKING_MILLIS_MAX;
    boolean mayBe =
        found.type() == EntryType.FILE
            && found.stamp().ctimeNanos() / NANOS_PER_MILLI >= since
            && closesTold;
    try {
      return mayBe && tree.isBeingWritten(path, since);
    } catch (TreeException unknown) {
      // Then whoever looks at it finds out what is wrong.
      return false;
    }
  }
}
