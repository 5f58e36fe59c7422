package dev.replicator.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Limits;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ChunkerPropertyTest {
  private static final int BLOCK = Limits.HOLE_BLOCK_BYTES;

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void listDoesNotDependOnHowTheBytesArrive(long seed) {
    Random random = new Random(seed);
    byte[] bytes = Contents.mixed(random, 3_000_000);
    ChunkedContent whole = Contents.chunk(bytes);

    assertEquals(whole, inPieces(random, bytes, 1 + random.nextInt(200_000)));
    assertEquals(whole, inPieces(random, Arrays.copyOf(bytes, bytes.length), 300_000));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void listDoesNotDependOnWhichZerosTheReaderKnowsAsHoles(long seed) {
    Random random = new Random(seed);
    byte[] bytes = Contents.mixed(random, 3_000_000);
    Chunker chunker = new Chunker();
    int position = 0;
    while (position < bytes.length) {
      int end = Math.min(bytes.length, position + 1 + random.nextInt(BLOCK));
      int zerosEnd = position;
      while (zerosEnd < bytes.length && bytes[zerosEnd] == 0) {
        zerosEnd++;
      }
      if (zerosEnd > position && random.nextInt(3) > 0) {
        int known = 1 + random.nextInt(zerosEnd - position);
        chunker.hole(known);
        position += known;
      } else {
        chunker.push(bytes, position, end - position);
        position = end;
      }
    }

    assertEquals(Contents.chunk(bytes), chunker.finish().orElseThrow());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void chunksCoverTheFileWithinTheirBounds(long seed) {
    byte[] bytes = Contents.mixed(new Random(seed), 3_000_000);
    ChunkedContent content = Contents.chunk(bytes);
    List<Chunk> chunks = content.chunks().chunks();

    int offset = 0;
    for (int index = 0; index < chunks.size(); index++) {
      Chunk chunk = chunks.get(index);
      int length = Math.toIntExact(chunk.length());
      switch (chunk) {
        case Chunk.Data data -> {
          assertEquals(Digests.of(bytes, offset, length), data.digest());
          assertTrue(length <= Limits.CHUNK_BYTES_MAX);
          boolean cutShort =
              index + 1 == chunks.size() || chunks.get(index + 1) instanceof Chunk.Hole;
          assertTrue(length >= Limits.CHUNK_BYTES_MIN || cutShort, "short chunk at " + offset);
        }
        case Chunk.Hole _ -> {
          assertEquals(0, offset % BLOCK);
          assertEquals(0, length % BLOCK);
          assertTrue(isZero(bytes, offset, length));
          assertFalse(index > 0 && chunks.get(index - 1) instanceof Chunk.Hole);
        }
      }
      offset += length;
    }
    assertEquals(bytes.length, offset);
    assertEquals(bytes.length, content.file().size());
    assertEquals(Digests.of(content.chunks()), content.file().digest());
    assertEveryBlockOfZerosIsHole(bytes, content.chunks());
  }

  private static void assertEveryBlockOfZerosIsHole(byte[] bytes, ChunkList list) {
    long zeroBytes = 0;
    for (int block = 0; block + BLOCK <= bytes.length; block += BLOCK) {
      zeroBytes += isZero(bytes, block, BLOCK) ? BLOCK : 0;
    }
    long holeBytes =
        list.chunks().stream()
            .filter(chunk -> chunk instanceof Chunk.Hole)
            .mapToLong(Chunk::length)
            .sum();
    assertEquals(zeroBytes, holeBytes);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void insertionAtTheFrontChangesFewChunks(long seed) {
    Random random = new Random(seed);
    byte[] bytes = Contents.random(random, 4 * 1_024 * 1_024);
    byte[] longer = insert(bytes, 0, Contents.random(random, 1 + random.nextInt(1_000)));

    List<Chunk> changed =
        Contents.newChunks(Contents.chunk(longer).chunks(), Contents.chunk(bytes).chunks());

    assertTrue(changed.size() <= 6, changed.size() + " chunks changed");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void oneChangedByteChangesFewChunks(long seed) {
    Random random = new Random(seed);
    byte[] bytes = Contents.random(random, 4 * 1_024 * 1_024);
    byte[] edited = bytes.clone();
    edited[random.nextInt(edited.length)]++;

    List<Chunk> changed =
        Contents.newChunks(Contents.chunk(edited).chunks(), Contents.chunk(bytes).chunks());

    assertTrue(changed.size() <= 4, changed.size() + " chunks changed");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void chunksAreOfTheAverageLengthOnAverage(long seed) {
    byte[] bytes = Contents.random(new Random(seed), 16 * 1_024 * 1_024);

    int average = bytes.length / Contents.chunk(bytes).chunks().chunks().size();

    assertTrue(average > 55_000 && average < 90_000, "average of " + average);
  }

  static byte[] insert(byte[] bytes, int at, byte[] inserted) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + inserted.length);
    System.arraycopy(inserted, 0, longer, at, inserted.length);
    System.arraycopy(bytes, at, longer, at + inserted.length, bytes.length - at);
    return longer;
  }

  private static ChunkedContent inPieces(Random random, byte[] bytes, int pieceMax) {
    Chunker chunker = new Chunker();
    int position = 0;
    while (position < bytes.length) {
      int length = Math.min(bytes.length - position, random.nextInt(pieceMax + 1));
      chunker.push(bytes, position, length);
      position += length;
    }
    return chunker.finish().orElseThrow();
  }

  private static boolean isZero(byte[] bytes, int offset, int length) {
    return Arrays.equals(bytes, offset, offset + length, new byte[length], 0, length);
  }
}
