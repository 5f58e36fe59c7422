package dev.replicator.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Limits;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ChunkerTest {
  private static final int BLOCK = Limits.HOLE_BLOCK_BYTES;

  @Test
  void cutsTheSameBytesAtTheSamePlacesForEver() {
    long state = 1;
    byte[] bytes = new byte[3_000_000];
    for (int index = 0; index < bytes.length; index++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      bytes[index] = (byte) (state >>> 56);
    }
    Arrays.fill(bytes, 1_000_000, 1_300_000, (byte) 0);

    ChunkedContent content = Contents.chunk(bytes);

    assertEquals(
        "75750 26647 99391 72560 69593 77166 72466 71383 95946 82770 69634 "
            + "85834 149436 -196608 117072 67538 102714 76540 48762 85388 64822 70693 "
            + "91630 77083 70308 45819 66312 66163 102245 68727 72969 89979 76523 "
            + "68754 49382 83190 92203",
        lengths(content.chunks()));
    assertEquals(
        "c65498ffa793d3da16ff4f6587023e7db618a46bd10b51af412bfd95b4f4da23",
        content.file().digest().toHex());
  }

  @Test
  void emptyFileHasNoChunks() {
    ChunkedContent content = new Chunker().finish().orElseThrow();

    assertEquals(ChunkList.EMPTY, content.chunks());
    assertEquals(0, content.file().size());
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        content.file().digest().toHex());
  }

  @Test
  void smallFileIsOneChunkWithTheDigestOfItsBytes() {
    byte[] bytes = {1, 2, 3, 0};

    ChunkedContent content = Contents.chunk(bytes);

    assertEquals(List.of(new Chunk.Data(Digests.of(bytes), 4)), content.chunks().chunks());
    assertEquals(4, content.file().size());
  }

  @Test
  void wholeBlocksOfZerosAreOneHole() {
    assertEquals(
        List.of(new Chunk.Hole(3 * BLOCK)), Contents.chunk(new byte[3 * BLOCK]).chunks().chunks());
  }

  @Test
  void zerosInAnIncompleteBlockAreData() {
    assertEquals(
        List.of(new Chunk.Data(Digests.of(new byte[BLOCK - 1]), BLOCK - 1)),
        Contents.chunk(new byte[BLOCK - 1]).chunks().chunks());
    assertEquals("-65536 1", lengths(Contents.chunk(new byte[BLOCK + 1]).chunks()));
  }

  @Test
  void oneOtherByteMakesItsWholeBlockData() {
    byte[] bytes = new byte[3 * BLOCK];
    bytes[2 * BLOCK - 1] = 1;

    assertEquals("-65536 65536 -65536", lengths(Contents.chunk(bytes).chunks()));
  }

  @Test
  void fileOfAHugeHoleTakesNoTime() {
    Chunker chunker = new Chunker();
    chunker.hole(1L << 50);
    chunker.push(new byte[] {1}, 0, 1);
    chunker.hole(7);

    ChunkedContent content = chunker.finish().orElseThrow();

    assertEquals("-1125899906842624 8", lengths(content.chunks()));
    assertEquals((1L << 50) + 8, content.file().size());
  }

  @Test
  void servesOneFileAfterTheOther() {
    Random random = new Random(1);
    byte[] first = Contents.random(random, 500_000);
    byte[] second = Contents.random(random, 500_000);
    Chunker chunker = new Chunker();

    chunker.push(first, 0, first.length);
    ChunkedContent firstContent = chunker.finish().orElseThrow();
    chunker.push(first, 0, 100_000);
    chunker.reset();
    chunker.push(second, 0, second.length);

    assertEquals(Contents.chunk(first), firstContent);
    assertEquals(Contents.chunk(second), chunker.finish().orElseThrow());
  }

  @Test
  void fileOfTooManyChunksIsGivenUpAndTheNextOneIsFine() {
    byte[] bytes = Contents.random(new Random(1), 10 * Limits.CHUNK_BYTES_MAX);
    Chunker chunker = new Chunker(ChunkHash.atOnce(), 5);

    chunker.push(bytes, 0, bytes.length);
    assertTrue(chunker.isTooLarge());
    chunker.hole(1L << 62);
    chunker.hole(1L << 62);
    assertTrue(chunker.finish().isEmpty());

    assertFalse(chunker.isTooLarge());
    chunker.push(bytes, 0, 100);
    assertEquals(100, chunker.finish().orElseThrow().file().size());
  }

  @Test
  void fileOfExactlyTheMostChunksIsKept() {
    Chunker chunker = new Chunker(ChunkHash.atOnce(), 2);
    chunker.hole(BLOCK);
    chunker.push(new byte[] {1}, 0, 1);

    assertEquals(2, chunker.finish().orElseThrow().chunks().chunks().size());
  }

  @Test
  void refusesRangesOutsideOfTheBuffer() {
    Chunker chunker = new Chunker();
    assertThrows(IndexOutOfBoundsException.class, () -> chunker.push(new byte[4], 1, 4));
    assertThrows(IllegalArgumentException.class, () -> chunker.hole(-1));
  }

  /** Lengths in order, those of holes negative. */
  static String lengths(ChunkList list) {
    StringBuilder text = new StringBuilder();
    for (Chunk chunk : list.chunks()) {
      long length =
          switch (chunk) {
            case Chunk.Data data -> data.length();
            case Chunk.Hole hole -> -hole.length();
          };
      text.append(text.isEmpty() ? "" : " ").append(length);
    }
    return text.toString();
  }
}
