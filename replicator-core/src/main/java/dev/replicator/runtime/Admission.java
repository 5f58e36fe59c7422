package dev.replicator.runtime;

import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import java.util.concurrent.Semaphore;

/*
 * The chunk list of a file, and what is remembered of each chunk that is on its way, takes some 250
 * bytes of heap for a chunk. A node that joins with an empty tree wants all videos of a site at
 * once, and their lists together would be more than the heap.
 */

/** How many large files are put together at once: by what they hold, first come first served. */
final class Admission {
  /** A chunk has so many bytes on average; the lists of all together take some 32 MiB. */
  static final int CHUNK_BYTES = 64 * 1024;

  static final int CHUNKS_MAX = 131_072;

  private final Semaphore chunks = new Semaphore(CHUNKS_MAX, true);

  /** Ends what was admitted. */
  interface Stay extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for its turn. One that alone is larger than all may be has the node for itself. */
  Stay enter(Entry entry) throws InterruptedException {
    if (!(entry instanceof Entry.File file) || file.size() <= Limits.INLINE_BYTES_MAX) {
      return () -> {};
    }
    int most = (int) Math.clamp(file.size() / CHUNK_BYTES, 1L, CHUNKS_MAX);
    chunks.acquire(most);
    return () -> chunks.release(most);
  }

  int free() {
    return chunks.availablePermits();
  }
}
