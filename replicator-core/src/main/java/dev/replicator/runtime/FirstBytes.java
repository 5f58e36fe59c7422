package dev.replicator.runtime;

import dev.replicator.port.DiskChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** The beginning of a file, to be read: what somebody appends meanwhile is not part of it. */
final class FirstBytes implements DiskChannel {
  private final SeekableByteChannel file;
  private final long length;

  FirstBytes(SeekableByteChannel file, long length) {
    this.file = file;
    this.length = length;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    long left = length - file.position();
    if (left <= 0) {
      return -1;
    }
    int limit = into.limit();
    into.limit((int) Math.min(limit, into.position() + left));
    try {
      return file.read(into);
    } finally {
      into.limit(limit);
    }
  }

  @Override
  public long nextData(long from) throws IOException {
    return file instanceof DiskChannel sparse ? Math.min(sparse.nextData(from), length) : from;
  }

  @Override
  public boolean copyFrom(SeekableByteChannel source, long from, long count, long to) {
    return false;
  }

  @Override
  public int write(ByteBuffer bytes) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    file.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return Math.min(file.size(), length);
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
