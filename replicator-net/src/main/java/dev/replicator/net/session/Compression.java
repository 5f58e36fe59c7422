package dev.replicator.net.session;

import dev.replicator.model.Limits;
import java.util.Optional;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** LZ4 blocks, where they pay. */
final class Compression {
  private static final int SAMPLE_BYTES = 4 * 1_024;

  /** A sample must lose at least this part of its bytes, else the time is better spent sending. */
  private static final int GAIN_DIVISOR = 8;

  private static final LZ4Factory FACTORY = factory();
  private static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
  private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

  private Compression() {}

  /** A compressed form: the first {@code length} of {@code bytes}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Block(byte[] bytes, int length) {}

  /** {@code body} compressed, or empty when that is not worth it. */
  static Optional<Block> compress(byte[] body) {
    if (body.length < SessionLimits.COMPRESSED_BYTES_MIN || !sampleShrinks(body)) {
      return Optional.empty();
    }
    byte[] target = new byte[COMPRESSOR.maxCompressedLength(body.length)];
    int length = COMPRESSOR.compress(body, 0, body.length, target, 0);
    return gains(body.length, length) ? Optional.of(new Block(target, length)) : Optional.empty();
  }

  /**
   * The {@code length} bytes that {@code block} stands for.
   *
   * @throws Violation when it stands for anything else
   */
  static byte[] decompress(byte[] block, int offset, int blockLength, int length) {
    if (length < 1 || length > Limits.FRAME_BYTES_MAX) {
      throw new Violation("a frame that claims " + Integer.toUnsignedString(length) + " bytes");
    }
    // A fresh array of the exact size: no byte of another frame can ever show through.
    byte[] body = new byte[length];
    int written;
    try {
      written = DECOMPRESSOR.decompress(block, offset, blockLength, body, 0, length);
    } catch (LZ4Exception e) {
      throw new Violation("a compressed frame that cannot be opened", e);
    }
    if (written != length) {
      throw new Violation("a frame of " + written + " bytes that claims " + length);
    }
    return body;
  }

  private static boolean sampleShrinks(byte[] body) {
    if (body.length < 4 * SAMPLE_BYTES) {
      return true;
    }
    byte[] target = new byte[COMPRESSOR.maxCompressedLength(SAMPLE_BYTES)];
    int middle = body.length / 2;
    return gains(SAMPLE_BYTES, COMPRESSOR.compress(body, middle, SAMPLE_BYTES, target, 0));
  }

  private static boolean gains(int plain, int compressed) {
    return compressed <= plain - plain / GAIN_DIVISOR;
  }

  private static LZ4Factory factory() {
    try {
      return LZ4Factory.nativeInstance();
    } catch (LinkageError | RuntimeException e) {
      // The pure Java form without Unsafe: slower, and nothing a peer sends can leave its arrays.
      return LZ4Factory.safeInstance();
    }
  }
}
