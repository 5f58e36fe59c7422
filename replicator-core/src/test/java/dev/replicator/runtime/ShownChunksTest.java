package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Chunker;
import dev.replicator.content.Digests;
import dev.replicator.model.Chunk;
import dev.replicator.model.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShownChunksTest {
  private static final int BYTES = 3_000_000;

  private final List<Chunk> seen = new ArrayList<>();
  private long end;

  /** What is before a chunk and was not shown is a hole. */
  private void see(byte[] file, long offset, byte[] bytes, int length) {
    if (offset > end) {
      seen.add(new Chunk.Hole(offset - end));
    }
    int from = (int) offset;
    assertEquals(-1, Arrays.mismatch(file, from, from + length, bytes, 0, length));
    seen.add(new Chunk.Data(Digests.of(bytes, 0, length), length));
    end = offset + length;
  }

  private ChunkedContent content(Chunker chunker, byte[] file) {
    int hole = 17 * Limits.HOLE_BLOCK_BYTES;
    chunker.push(file, 0, hole);
    chunker.hole(Limits.HOLE_BLOCK_BYTES);
    int from = hole + Limits.HOLE_BLOCK_BYTES;
    chunker.push(file, from, file.length - from);
    return chunker.finish().orElseThrow();
  }

  @Test
  void areThoseOfTheFileInTheirPlaces() {
    byte[] file = new byte[BYTES];
    new Random(1).nextBytes(file);
    Arrays.fill(file, 1_000_000, 1_500_000, (byte) 0);
    ShownChunks shown =
        new ShownChunks((offset, digest, bytes, length) -> see(file, offset, bytes, length));

    for (int round = 0; round < 2; round++) {
      seen.clear();
      end = 0;
      Chunker chunker = new Chunker(shown);
      chunker.push(file, 0, 100_000);
      chunker.reset();
      seen.clear();
      ChunkedContent content = content(chunker, file);

      assertEquals(content.chunks().chunks(), seen);
      assertEquals(content(new Chunker(), file), content);
    }
  }
}
