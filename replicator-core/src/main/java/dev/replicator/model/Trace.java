package dev.replicator.model;

import java.util.SortedMap;

/**
 * What is materialised at a path, as far as a look at it can tell: enough to see that nothing
 * changed.
 *
 * @param type ABSENT where nothing is
 * @param linkTarget the text of a symlink, empty bytes for other types
 * @param extended attributes of a directory, whose ctime tells nothing; empty for other types
 */
public record Trace(
    Stamp stamp, EntryType type, Bytes linkTarget, SortedMap<String, Bytes> extended) {
  public boolean isPresent() {
    return type != EntryType.ABSENT;
  }
}
