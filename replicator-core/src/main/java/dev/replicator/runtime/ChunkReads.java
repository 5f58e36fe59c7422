package dev.replicator.runtime;

import dev.replicator.content.Digests;
import dev.replicator.model.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads neighbouring chunks of a file, some at a time, and verifies these on all processors: their
 * digests take most of the time in which a large file is put together.
 */
final class ChunkReads {
  private static final int BATCH_CHUNKS = 32;

  private final SeekableByteChannel channel;
  private long offset;

  /**
   * @param offset of the first chunk
   */
  ChunkReads(SeekableByteChannel channel, long offset) {
    this.channel = channel;
    this.offset = offset;
  }

  /** A chunk, and what stands in its place. */
  record Read(Chunk.Data chunk, byte[] bytes, boolean good) {}

  /** What is read at once. */
  static List<List<Chunk>> batches(List<Chunk> chunks) {
    return IntStream.range(0, Math.ceilDiv(chunks.size(), BATCH_CHUNKS))
        .mapToObj(number ->
            chunks.subList(
                number * BATCH_CHUNKS, Math.min(chunks.size(), (number + 1) * BATCH_CHUNKS)))
        .toList();
  }

  /** The next chunks, none of them a hole. */
  List<Read> next(List<Chunk> chunks) throws IOException {
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
