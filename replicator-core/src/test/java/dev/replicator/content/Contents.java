package dev.replicator.content;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes file contents from a seed, and chunks them in one piece. */
final class Contents {
  private Contents() {}

  static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Stretches of random bytes, text and zeros, many of them on or just beside block borders. */
  static byte[] mixed(Random random, int lengthMax) {
    byte[] bytes = new byte[random.nextInt(lengthMax + 1)];
    int position = 0;
    while (position < bytes.length) {
      int end = Math.min(bytes.length, stretchEnd(random, position));
      switch (random.nextInt(4)) {
        case 0 ->
            System.arraycopy(random(random, end - position), 0, bytes, position, end - position);
        case 1 -> fillText(random, bytes, position, end);
        case 2 -> Arrays.fill(bytes, position, end, (byte) random.nextInt());
        default -> Arrays.fill(bytes, position, end, (byte) 0);
      }
      position = end;
    }
    return bytes;
  }

  private static int stretchEnd(Random random, int position) {
    int block = Limits.HOLE_BLOCK_BYTES;
    int blocks = 1 + random.nextInt(4);
    int aligned = (position / block + blocks) * block;
    return switch (random.nextInt(4)) {
      case 0 -> aligned;
      case 1 -> Math.max(position + 1, aligned + random.nextInt(5) - 2);
      default -> position + 1 + random.nextInt(blocks * block);
    };
  }

  private static void fillText(Random random, byte[] bytes, int from, int end) {
    for (int index = from; index < end; index++) {
      bytes[index] = (byte) (random.nextInt(8) == 0 ? ' ' : 'a' + random.nextInt(26));
    }
  }

  static ChunkedContent chunk(byte[] bytes) {
    Chunker chunker = new Chunker();
    chunker.push(bytes, 0, bytes.length);
    return chunker.finish().orElseThrow();
  }

  /** Those of {@code list} that are data and not in {@code other}. */
  static List<Chunk> newChunks(ChunkList list, ChunkList other) {
    List<Chunk> chunks = new ArrayList<>(list.chunks());
    chunks.removeIf(chunk -> chunk instanceof Chunk.Hole);
    chunks.removeAll(other.chunks());
    return chunks;
  }
}
