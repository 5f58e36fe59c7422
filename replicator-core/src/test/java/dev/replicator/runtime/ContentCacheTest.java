package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import java.nio.ByteBuffer;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class ContentCacheTest {
  private static Digest digest(int number) {
    return Digest.of(ByteBuffer.allocate(32).putInt(number).array());
  }

  @Test
  void countsWhatTheSmallestContentsTakeBesidesTheirBytes() {
    ContentCache cache = new ContentCache();
    int many = 100_000;
    for (int i = 0; i < many; i++) {
      cache.put(content(i));
    }
    int kept = 0;
    for (int i = 0; i < many; i++) {
      kept += cache.find(digest(i)).isPresent() ? 1 : 0;
    }
    assertTrue(kept > 0 && kept < 40_000, "kept " + kept);
    assertTrue(cache.find(digest(many - 1)).isPresent());
  }

  @Test
  void dropsWhatNobodyUsedBetweenTwoSweeps() {
    ContentCache cache = new ContentCache();
    cache.put(content(1));
    cache.put(content(2));
    assertTrue(cache.sweep());
    assertTrue(cache.find(digest(1)).isPresent());

    assertTrue(cache.sweep());
    assertTrue(cache.find(digest(2)).isEmpty());
    assertTrue(cache.find(digest(1)).isPresent());

    assertTrue(cache.sweep());
    assertFalse(cache.sweep());
    assertTrue(cache.find(digest(1)).isEmpty());
  }

  @Test
  void countsTheChunksOfWhatIsNothingButHoles() {
    ContentCache cache = new ContentCache();
    Chunk hole = new Chunk.Hole(Limits.HOLE_BLOCK_BYTES);
    ChunkList holes = new ChunkList(Collections.nCopies(Limits.MANIFEST_CHUNKS_MAX, hole));
    int many = 100;
    for (int i = 0; i < many; i++) {
      cache.put(new Message.InlineContent(digest(i), holes, Bytes.EMPTY));
    }
    int kept = 0;
    for (int i = 0; i < many; i++) {
      kept += cache.find(digest(i)).isPresent() ? 1 : 0;
    }
    assertTrue(kept > 0 && kept < 20, "kept " + kept);
  }

  private static Message.InlineContent content(int number) {
    return new Message.InlineContent(
        digest(number), ChunkList.EMPTY, Bytes.copyOf(new byte[] {(byte) number}));
  }
}
