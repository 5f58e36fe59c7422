package dev.replicator.runtime;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * With which chunks large files begin that were read or put here lately: a file that has one of
 * them in its own beginning is a copy of the other, or a later version. Thread-safe, bounded.
 */
final class Beginnings {
  /** The first one of a dump differs from that of yesterday's: it holds the date. */
  static final int CHUNKS = 4;

  private static final int FILES_MAX = 1_024;

  private final Map<Digest, Digest> files =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Digest> eldest) {
          return size() > FILES_MAX * CHUNKS;
        }
      };

  void note(Digest file, ChunkList list) {
    if (list.size() < Limits.PART_BYTES_MIN) {
      return;
    }
    list.chunks().stream()
        .filter(Chunk.Data.class::isInstance)
        .map(Chunk.Data.class::cast)
        .limit(CHUNKS)
        .forEach(chunk -> put(chunk.digest(), file));
  }

  private synchronized void put(Digest chunk, Digest file) {
    files.remove(chunk);
    files.put(chunk, file);
  }

  /** The last file that has {@code chunk} in its beginning. */
  synchronized Optional<Digest> find(Digest chunk) {
    return Optional.ofNullable(files.get(chunk));
  }
}
