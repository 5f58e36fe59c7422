package dev.replicator.runtime;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.FileKey;
import java.util.List;

/** What a file held when it was read. */
record Reading(FileKey file, ChunkList chunks) {
  /**
   * With how many of these chunks the same file begins later, when it was appended to; 0 when that
   * cannot be told. The last chunk ends where the file did, and another one now.
   */
  int leading(FileKey laterFile, ChunkList later) {
    List<Chunk> all = chunks.chunks();
    int leading = Math.max(0, all.size() - 1);
    return laterFile.equals(file)
            && leading <= later.chunks().size()
            && all.subList(0, leading).equals(later.chunks().subList(0, leading))
        ? leading
        : 0;
  }
}
