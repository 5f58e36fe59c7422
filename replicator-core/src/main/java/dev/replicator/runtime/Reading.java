package dev.replicator.runtime;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.FileKey;
import java.util.List;

/** What a file held when it was read. */
record Reading(FileKey file, ChunkList chunks) {
  /**
   * Whether the same file begins with this later, as one does that was appended to. That cannot be
   * told of a single chunk: the last one ends where the file did, and another one now.
   */
  boolean begins(FileKey laterFile, ChunkList later) {
    List<Chunk> all = chunks.chunks();
    int whole = all.size() - 1;
    return laterFile.equals(file)
        && whole > 0
        && whole <= later.chunks().size()
        && all.subList(0, whole).equals(later.chunks().subList(0, whole));
  }
}
