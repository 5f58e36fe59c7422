package dev.replicator.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** The beginning of a file, to be read: what somebody appends meanwhile is not part of it. */
final class FirstBytes extends ForwardingChannel {
  private final long length;

  FirstBytes(SeekableByteChannel file, long length) {
    super(file);
    this.length = length;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    long left = length - position();
    if (left <= 0) {
      return -1;
    }
    int limit = into.limit();
    into.limit((int) Math.min(limit, into.position() + left));
    try {
      return super.read(into);
    } finally {
      into.limit(limit);
    }
  }

  @Override
  public long nextData(long from) throws IOException {
    return Math.min(super.nextData(from), length);
  }

  @Override
  public long size() throws IOException {
    return Math.min(super.size(), length);
  }
}
