package dev.replicator.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/** An open file of the simulated disk: sees what others write into it meanwhile. */
final class InodeChannel implements SeekableByteChannel {
  /** What the channel was opened for. */
  enum Access {
    READ,
    WRITE
  }

  /** Somebody else's turn before a read or write, which may fail. */
  interface Turn {
    void take() throws IOException;
  }

  private final Inode inode;
  private final Access access;
  private final Turn beforeEach;
  private int position;
  private boolean open = true;

  InodeChannel(Inode inode, Access access, Turn beforeEach) {
    this.inode = inode;
    this.access = access;
    this.beforeEach = beforeEach;
  }

  private void enter(Access needed) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (access != needed) {
      throw needed == Access.READ
          ? new NonReadableChannelException()
          : new NonWritableChannelException();
    }
    beforeEach.take();
  }

  @Override
  public int read(ByteBuffer destination) throws IOException {
    enter(Access.READ);
    int length = Math.min(destination.remaining(), inode.content.length - position);
    if (length <= 0) {
      return destination.hasRemaining() ? -1 : 0;
    }
    destination.put(inode.content, position, length);
    position += length;
    return length;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    enter(Access.WRITE);
    int length = source.remaining();
    if (position + length > inode.content.length) {
      inode.content = Arrays.copyOf(inode.content, position + length);
    }
    source.get(inode.content, position, length);
    position += length;
    return length;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long fresh) {
    position = Math.toIntExact(fresh);
    return this;
  }

  @Override
  public long size() {
    return inode.content.length;
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    enter(Access.WRITE);
    if (size < inode.content.length) {
      inode.resize((int) size);
    }
    position = (int) Math.min(position, size);
    return this;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
