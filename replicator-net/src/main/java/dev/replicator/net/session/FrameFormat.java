package dev.replicator.net.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The envelope of a frame: length of what follows (4 bytes), type (1 byte, its highest bit set when
 * compressed), for a message the place of its root (1 byte), when compressed the length of the body
 * (4 bytes), and the body. Numbers are big-endian.
 */
final class FrameFormat {
  static final int LENGTH_BYTES = 4;
  static final int COMPRESSED = 0x80;

  /** Type, root and length of the body. */
  static final int HEAD_BYTES_MAX = 6;

  private FrameFormat() {}

  /** {@code frame} in its envelope; a message is compressed where that pays. */
  static ByteBuf encode(ByteBufAllocator allocator, Frame frame) {
    if (frame.type() != FrameType.MESSAGE) {
      byte[] body = frame.body();
      ByteBuf buffer = allocator.heapBuffer(LENGTH_BYTES + 1 + body.length);
      buffer.writeInt(1 + body.length).writeByte(frame.type().code).writeBytes(body);
      return buffer;
    }
    return Compression.compress(frame.body())
        .map(block -> compressed(allocator, frame, block))
        .orElseGet(() -> plain(allocator, frame));
  }

  private static ByteBuf plain(ByteBufAllocator allocator, Frame frame) {
    byte[] body = frame.body();
    ByteBuf buffer = allocator.heapBuffer(LENGTH_BYTES + 2 + body.length);
    buffer.writeInt(2 + body.length);
    buffer.writeByte(frame.type().code).writeByte(frame.root());
    return buffer.writeBytes(body);
  }

  private static ByteBuf compressed(
      ByteBufAllocator allocator, Frame frame, Compression.Block block) {
    ByteBuf buffer = allocator.heapBuffer(LENGTH_BYTES + 6 + block.length());
    buffer.writeInt(6 + block.length());
    buffer.writeByte(frame.type().code | COMPRESSED).writeByte(frame.root());
    buffer.writeInt(frame.body().length);
    return buffer.writeBytes(block.bytes(), 0, block.length());
  }

  /** Reads the {@code length} bytes that stand in {@code in} after the length. */
  static Frame decode(ByteBuf in, int length) {
    int first = in.readUnsignedByte();
    FrameType type = FrameType.of(first & ~COMPRESSED);
    boolean compressed = (first & COMPRESSED) != 0;
    if (type != FrameType.MESSAGE) {
      if (compressed) {
        throw new Violation("a compressed frame of type " + type);
      }
      return new Frame(type, 0, read(in, length - 1));
    }
    if (length < (compressed ? 7 : 2)) {
      throw new Violation("a message without its head");
    }
    int root = in.readUnsignedByte();
    if (!compressed) {
      return new Frame(type, root, read(in, length - 2));
    }
    int bodyLength = in.readInt();
    byte[] block = read(in, length - 6);
    return new Frame(type, root, Compression.decompress(block, 0, block.length, bodyLength));
  }

  private static byte[] read(ByteBuf in, int length) {
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return bytes;
  }
}
