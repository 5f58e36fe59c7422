package dev.replicator.runtime;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * With which chunk large files begin that were read or put here lately: a file that begins like
 * another is a copy of it, or a later version. Thread-safe, bounded.
 */
final class FirstChunks {
  private static final int FILES_MAX = 1_024;

  private final Map<Digest, Digest> files =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Digest> eldest) {
          return size() > FILES_MAX;
        }
      };

  void note(Digest file, ChunkList list) {
    if (list.size() < Limits.PART_BYTES_MIN) {
      return;
    }
    for (Chunk chunk : list.chunks()) {
      if (chunk instanceof Chunk.Data first) {
        put(first.digest(), file);
        return;
      }
    }
  }

  private synchronized void put(Digest chunk, Digest file) {
    files.remove(chunk);
    files.put(chunk, file);
  }

  /** The last file that began with {@code chunk}. */
  synchronized Optional<Digest> find(Digest chunk) {
    return Optional.ofNullable(files.get(chunk));
  }
}
