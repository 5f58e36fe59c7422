package dev.replicator.runtime;

import dev.replicator.model.Entry;
import java.util.concurrent.Semaphore;

/*
 * The chunk list of a file, and what is remembered of each chunk that is on its way, takes some 250
 * bytes of heap for a chunk. A node that joins with an empty tree wants all videos of a site at
 * once, and their lists together would be more than the heap.
 */

/**
 * How many large files are put together at once: by what they hold, first come first served. All
 * roots of a process share the heap, and so this.
 */
final class Admission {
  /** A chunk has so many bytes on average; the lists of all together take some 32 MiB. */
  static final int CHUNK_BYTES = 64 * 1024;

  static final int CHUNKS_MAX = 131_072;

  /** Shorter lists wait for nothing: as many as there can be at once are no more than the rest. */
  static final int SHORT_CHUNKS = 1_024;

  /** One file alone leaves room for others, however long its list is. */
  static final int FILE_CHUNKS_MAX = CHUNKS_MAX / 4 * 3;

  static final Admission OF_PROCESS = new Admission();

  private final Semaphore chunks = new Semaphore(CHUNKS_MAX, true);

  /** Ends what was admitted. */
  interface Stay extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for its turn. */
  Stay enter(Entry entry) throws InterruptedException {
    long length = entry instanceof Entry.File file ? file.size() / CHUNK_BYTES : 0;
    if (length <= SHORT_CHUNKS) {
      return () -> {};
    }
    int most = (int) Math.min(length, FILE_CHUNKS_MAX);
    chunks.acquire(most);
    return () -> chunks.release(most);
  }

  int free() {
    return chunks.availablePermits();
  }
}
