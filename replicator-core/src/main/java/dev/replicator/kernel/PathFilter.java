package dev.replicator.kernel;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;

/** Which paths of a root replicate. */
@FunctionalInterface
public interface PathFilter {
  /**
   * @param type of what is, or would be, at {@code path}
   */
  boolean replicates(RelativePath path, EntryType type);
}
