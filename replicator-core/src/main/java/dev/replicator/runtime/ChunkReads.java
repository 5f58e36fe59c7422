package dev.replicator.runtime;

import dev.replicator.content.Digests;
import dev.replicator.model.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/*
 * The digests take most of the time in which a large file is put together, so all processors make
 * them. Hundreds of files may be put together at once, and memory is small: only a few of them have
 * more than one chunk in it.
 */

/** Reads neighbouring chunks of a file, some at a time, and verifies them. */
final class ChunkReads {
  private static final int BATCH_CHUNKS = 32;
  private static final int BATCHES_MAX = 2;
  private static final Semaphore BATCHES = new Semaphore(BATCHES_MAX);

  private final SeekableByteChannel channel;
  private long offset;

  /** Takes what was read, in order. */
  interface Sink {
    void accept(Read read) throws IOException;
  }

  /**
   * @param offset of the first chunk
   */
  ChunkReads(SeekableByteChannel channel, long offset) {
    this.channel = channel;
    this.offset = offset;
  }

  /** A chunk, and what stands in its place. */
  record Read(Chunk.Data chunk, byte[] bytes, boolean good) {}

  /** Reads {@code chunks}, none of them a hole. */
  void read(List<Chunk> chunks, Sink sink) throws IOException {
    boolean many = chunks.size() > 1 && BATCHES.tryAcquire();
    try {
      int size = many ? BATCH_CHUNKS : 1;
      for (int from = 0; from < chunks.size(); from += size) {
        int to = Math.min(from + size, chunks.size());
        for (Read read : next(chunks.subList(from, to))) {
          sink.accept(read);
        }
      }
    } finally {
      if (many) {
        BATCHES.release();
      }
    }
  }

  private List<Read> next(List<Chunk> chunks) throws IOException {
    List<Read> reads = new ArrayList<>();
    for (Chunk each : chunks) {
      Chunk.Data chunk = (Chunk.Data) each;
      ByteBuffer buffer = ByteBuffer.allocate((int) chunk.length());
      channel.position(offset);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // Until it is full or the file ends.
      }
      reads.add(new Read(chunk, buffer.array(), !buffer.hasRemaining()));
      offset += chunk.length();
    }
    return chunks.size() == 1
        ? List.of(verified(reads.getFirst()))
        : reads.parallelStream().map(ChunkReads::verified).toList();
  }

  private static Read verified(Read read) {
    boolean good = read.good() && Digests.of(read.bytes()).equals(read.chunk().digest());
    return new Read(read.chunk(), read.bytes(), good);
  }
}
