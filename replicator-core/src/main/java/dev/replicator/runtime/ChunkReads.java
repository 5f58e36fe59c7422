package dev.replicator.runtime;

import dev.replicator.model.Chunk;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The digests take most of the time in which a large file is put together, so all processors make
 * them. Hundreds of files may be put together at once, and memory is small: only a few of them have
 * more than one chunk in it.
 */

/** Reads neighbouring chunks of a file, some at a time, and verifies them. */
final class ChunkReads {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkReads.class);
  private static final int BATCH_CHUNKS = 32;
  private static final int BATCHES_MAX = 2;
  private static final Semaphore BATCHES = new Semaphore(BATCHES_MAX);

  private final SeekableByteChannel channel;
  private final long offset;
  private boolean warned;

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

  /**
   * A chunk.
   *
   * @param number and distance in bytes, from the first one
   * @param bytes empty when something else stands in its place
   */
  record Read(int number, long distance, Chunk.Data chunk, Optional<byte[]> bytes) {
    Read verified() {
      return new Read(
          number, distance, chunk, bytes.filter(them -> LocalContent.isOf(chunk, them)));
    }
  }

  /** Reads {@code chunks}, none of them a hole. */
  void read(List<Chunk> chunks, Sink sink) throws IOException {
    boolean many = chunks.size() > 1 && BATCHES.tryAcquire();
    try {
      int batch = many ? BATCH_CHUNKS : 1;
      long distance = 0;
      List<Read> reads = new ArrayList<>();
      for (int number = 0; number < chunks.size(); number++) {
        Chunk.Data chunk = (Chunk.Data) chunks.get(number);
        reads.add(new Read(number, distance, chunk, bytes(offset + distance, chunk)));
        distance += chunk.length();
        if (reads.size() == batch || number == chunks.size() - 1) {
          for (Read read : verified(reads)) {
            sink.accept(read);
          }
          reads.clear();
        }
      }
    } finally {
      if (many) {
        BATCHES.release();
      }
    }
  }

  /** What cannot be read is got from elsewhere, as what is not what it should be. */
  private Optional<byte[]> bytes(long from, Chunk.Data chunk) throws ClosedChannelException {
    try {
      return LocalContent.bytes(channel, from, chunk);
    } catch (ClosedChannelException ending) {
      throw ending;
    } catch (IOException unreadable) {
      if (!warned) {
        LOG.warn("cannot read all of a file that has chunks of another: {}", unreadable.toString());
        warned = true;
      }
      return Optional.empty();
    }
  }

  private static List<Read> verified(List<Read> reads) {
    return reads.size() == 1
        ? List.of(reads.getFirst().verified())
        : reads.parallelStream().map(Read::verified).toList();
  }
}
