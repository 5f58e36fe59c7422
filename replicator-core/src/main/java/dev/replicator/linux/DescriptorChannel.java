package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * A file by {@code pread} and {@code pwrite} on a descriptor. Unlike a channel of Java's it stays
 * open when its thread is interrupted. Not for use by several threads.
 */
final class DescriptorChannel implements SeekableByteChannel {
  private final Descriptor descriptor;
  private long position;

  /** Takes the descriptor over. */
  DescriptorChannel(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  private int number() throws ClosedChannelException {
    if (!descriptor.isOpen()) {
      throw new ClosedChannelException();
    }
    return descriptor.number();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    try (Buffer buffer = Buffer.borrow()) {
      MemorySegment copy = buffer.memory();
      int wanted = (int) Math.min(copy.byteSize(), into.remaining());
      int read = DescriptorCalls.read(number(), copy, wanted, position);
      if (read == 0) {
        return -1;
      }
      into.put(copy.asSlice(0, read).asByteBuffer());
      position += read;
      return read;
    }
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int total = 0;
    try (Buffer buffer = Buffer.borrow()) {
      MemorySegment copy = buffer.memory();
      while (from.hasRemaining()) {
        int wanted = (int) Math.min(copy.byteSize(), from.remaining());
        MemorySegment source = MemorySegment.ofBuffer(from);
        MemorySegment.copy(source, JAVA_BYTE, 0, copy, JAVA_BYTE, 0, wanted);
        int written = DescriptorCalls.write(number(), copy, wanted, position);
        from.position(from.position() + written);
        position += written;
        total += written;
      }
    }
    return total;
  }

  @Override
  public long position() throws ClosedChannelException {
    number();
    return position;
  }

  @Override
  public SeekableByteChannel position(long fresh) throws ClosedChannelException {
    if (fresh < 0) {
      throw new IllegalArgumentException("position " + fresh);
    }
    number();
    position = fresh;
    return this;
  }

  @Override
  public long size() throws IOException {
    return PathCalls.status(number()).stamp().size();
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    if (size < size()) {
      DescriptorCalls.truncate(number(), size);
    }
    position = Math.min(position, size);
    return this;
  }

  /** Cuts or lengthens the file: what is added is a hole. */
  void resize(long size) throws IOException {
    DescriptorCalls.truncate(number(), size);
  }

  void sync() throws IOException {
    DescriptorCalls.sync(number());
  }

  /** Where data begins at or after {@code from}; the end of the file when only a hole is left. */
  long nextData(long from) throws IOException {
    long next = DescriptorCalls.nextData(number(), from);
    if (next == -Errno.ENXIO) {
      return Math.max(from, size());
    }
    // Where the file system knows no holes everything is data.
    return next < 0 ? from : next;
  }

  @Override
  public boolean isOpen() {
    return descriptor.isOpen();
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
