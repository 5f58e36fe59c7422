package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CompressionTest {
  private static byte[] repetitive(int length) {
    byte[] body = new byte[length];
    for (int i = 0; i < length; i++) {
      body[i] = (byte) (i / 100);
    }
    return body;
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 513, 16_384, 262_144, Limits.FRAME_BYTES_MAX})
  void givesBackWhatItTook(int length) {
    byte[] body = repetitive(length);

    Compression.Block block = Compression.compress(body).orElseThrow();

    assertArrayEquals(body, Compression.decompress(block.bytes(), 0, block.length(), length));
  }

  @Test
  void leavesSmallAndRandomBodiesAlone() {
    byte[] random = new byte[100_000];
    new Random(5).nextBytes(random);

    assertTrue(Compression.compress(new byte[511]).isEmpty());
    assertTrue(Compression.compress(random).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {999, 1_001, 0, -1, Integer.MIN_VALUE, Limits.FRAME_BYTES_MAX + 1})
  void refusesAnyOtherLengthThanTheDeclaredOne(int declared) {
    Compression.Block block = Compression.compress(new byte[1_000]).orElseThrow();

    assertThrows(
        Violation.class, () -> Compression.decompress(block.bytes(), 0, block.length(), declared));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void neverLeavesItsBoundsOnDamagedBlocks(long seed) {
    Random random = new Random(seed);
    byte[] body = repetitive(4_096);
    Compression.Block block = Compression.compress(body).orElseThrow();
    for (int round = 0; round < 1_000; round++) {
      byte[] damaged = Arrays.copyOf(block.bytes(), block.length());
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      try {
        byte[] read = Compression.decompress(damaged, 0, damaged.length, body.length);
        assertTrue(read.length == body.length, "seed " + seed);
      } catch (Violation expected) {
        // The usual outcome; any other exception or a crash fails the test.
      }
    }
  }
}
