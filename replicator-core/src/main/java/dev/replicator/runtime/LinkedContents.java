package dev.replicator.runtime;

import dev.replicator.content.ChunkedContent;
import dev.replicator.model.Stamp;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * What was read last of files with several names: under another name the same file is not read
 * again, as long as its stamp is the same. Thread-safe.
 */
final class LinkedContents {
  /** Of all that is remembered; a list of so many chunks is a file of 4 GiB. */
  static final int CHUNKS_MAX = 65_536;

  static final int FILES_MAX = 256;

  private final LinkedHashMap<Stamp, ChunkedContent> contents = new LinkedHashMap<>();
  private int chunks;

  /**
   * {@code content} was read while the file had {@code stamp}, before and after. What was read with
   * that stamp before may have been written over since, within a tick of the clock.
   */
  synchronized void read(Stamp stamp, ChunkedContent content) {
    ChunkedContent before = contents.remove(stamp);
    chunks -= before == null ? 0 : before.chunks().chunks().size();
    int more = content.chunks().chunks().size();
    if (stamp.links() <= 1 || more > CHUNKS_MAX) {
      return;
    }
    contents.put(stamp, content);
    chunks += more;
    while (chunks > CHUNKS_MAX || contents.size() > FILES_MAX) {
      chunks -= contents.pollFirstEntry().getValue().chunks().chunks().size();
    }
  }

  synchronized Optional<ChunkedContent> find(Stamp stamp) {
    return stamp.links() > 1 ? Optional.ofNullable(contents.get(stamp)) : Optional.empty();
  }
}
