package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Message;
import java.nio.ByteBuffer;
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
      Bytes one = Bytes.copyOf(new byte[] {1});
      cache.put(new Message.InlineContent(digest(i), ChunkList.EMPTY, one));
    }
    int kept = 0;
    for (int i = 0; i < many; i++) {
      kept += cache.find(digest(i)).isPresent() ? 1 : 0;
    }
    assertTrue(kept > 0 && kept < 40_000, "kept " + kept);
    assertTrue(cache.find(digest(many - 1)).isPresent());
  }
}
