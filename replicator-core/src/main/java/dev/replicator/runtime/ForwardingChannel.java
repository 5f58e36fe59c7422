package dev.replicator.runtime;

import dev.replicator.port.DiskChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Another channel, seen in a way of one's own; on whatever tree, it is read and never copied. */
abstract class ForwardingChannel implements DiskChannel {
  private final SeekableByteChannel channel;

  ForwardingChannel(SeekableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public long nextData(long from) throws IOException {
    return channel instanceof DiskChannel disk ? disk.nextData(from) : from;
  }

  @Override
  public boolean copyFrom(SeekableByteChannel source, long from, long length, long to) {
    return false;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return channel.write(from);
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public SeekableByteChannel position(long fresh) throws IOException {
    channel.position(fresh);
    return this;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    channel.truncate(size);
    return this;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
