package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.replicator.port.DiskChannel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * A file by {@code pread} and {@code pwrite} on a descriptor. Unlike a channel of Java's it stays
 * open when its thread is interrupted. Not for use by several threads.
 */
final class DescriptorChannel implements DiskChannel {
  private final Descriptor descriptor;
  private long position;

  /** Takes the descriptor over. */
  DescriptorChannel(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** Only of a channel that is open. */
  int number() {
    return descriptor.number();
  }

  private int open() throws ClosedChannelException {
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
      int read = DescriptorCalls.read(open(), copy, wanted, position);
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
        int written = DescriptorCalls.write(open(), copy, wanted, position);
        from.position(from.position() + written);
        position += written;
        total += written;
      }
    }
    return total;
  }

  @Override
  public long position() throws ClosedChannelException {
    open();
    return position;
  }

  @Override
  public SeekableByteChannel position(long fresh) throws ClosedChannelException {
    if (fresh < 0) {
      throw new IllegalArgumentException("position " + fresh);
    }
    open();
    position = fresh;
    return this;
  }

  @Override
  public long size() throws IOException {
    return PathCalls.status(open()).stamp().size();
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    if (size < size()) {
      DescriptorCalls.truncate(open(), size);
    }
    position = Math.min(position, size);
    return this;
  }

  /**
   * Cuts or lengthens the file: what is added is a hole. Also to the size that it has: XFS gives
   * back then what it had set aside behind it.
   */
  void resize(long size) throws IOException {
    DescriptorCalls.truncate(open(), size);
  }

  void sync() throws IOException {
    DescriptorCalls.sync(open());
  }

  @Override
  public long nextData(long from) throws Errno {
    return DescriptorCalls.nextData(number(), from);
  }

  /** Where a hole begins at or after {@code from}, at the latest at the end of the file. */
  long nextHole(long from) throws Errno {
    return DescriptorCalls.nextHole(number(), from);
  }

  @Override
  public void dropCached() throws IOException {
    DescriptorCalls.dropCached(open());
  }

  @Override
  public boolean copyFrom(SeekableByteChannel source, long from, long length, long to)
      throws IOException {
    boolean copied =
        source instanceof DescriptorChannel file && new RangeCopy(file, this).run(from, length, to);
    if (copied && size() < to + length) {
      // It ended in a hole.
      resize(to + length);
    }
    return copied;
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
