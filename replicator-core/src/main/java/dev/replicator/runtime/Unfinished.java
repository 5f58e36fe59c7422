package dev.replicator.runtime;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;

/*
 * A directory that an event named is listed, and what is in it is told. By then the watcher hears
 * of it: so of a file that somebody is just making there his close will be told, and half of it is
 * of use to nobody. A file that he made long ago may be a log, in a directory that was renamed.
 */

/** Which files that are found in a new directory are still being made. Thread-safe. */
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
