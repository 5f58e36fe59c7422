package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Chunker;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashAsideTest {
  private static final int BYTES = 3_000_000;

  @Test
  void makesTheDigestsThatWhoReadsWouldMake() throws Exception {
    Random random = new Random(1);
    byte[] file = new byte[BYTES];
    random.nextBytes(file);
    // A hole in the middle, which has no digest.
    Arrays.fill(file, 1_000_000, 1_500_000, (byte) 0);
    Chunker here = new Chunker();
    here.push(file, 0, file.length);

    ChunkedContent aside;
    try (HashAside digests = new HashAside()) {
      Chunker chunker = new Chunker(digests);
      // More buffers than there are: each is filled anew as soon as it was taken.
      for (int from = 0; from < file.length; ) {
        byte[] buffer = digests.buffer();
        int length = Math.min(1 + random.nextInt(buffer.length), file.length - from);
        System.arraycopy(file, from, buffer, 0, length);
        chunker.push(buffer, 0, length);
        digests.given(buffer);
        from += length;
      }
      aside = chunker.finish().orElseThrow();
    }

    assertEquals(here.finish().orElseThrow(), aside);
  }

  @Test
  void forgetsAFileThatWasGivenUp() throws Exception {
    byte[] file = {1, 2, 3};
    Chunker here = new Chunker();
    here.push(file, 0, file.length);

    try (HashAside digests = new HashAside()) {
      Chunker chunker = new Chunker(digests);
      chunker.push(new byte[] {9}, 0, 1);
      chunker.reset();
      chunker.push(file, 0, file.length);
      assertEquals(here.finish(), chunker.finish());
    }
  }
}
