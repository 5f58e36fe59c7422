package dev.replicator.net.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/** Counts the bytes of a connection on the wire, and notes when the last ones came. */
final class Traffic extends ChannelDuplexHandler {
  private long in;
  private long out;
  private long lastReadNanos;
  private @Nullable Remote remote;

  Traffic(long nowNanos) {
    lastReadNanos = nowNanos;
  }

  /** From now on bytes count for {@code peer}, those so far included. */
  void countFor(Remote peer) {
    peer.bytesIn += in;
    peer.bytesOut += out;
    remote = peer;
  }

  long lastReadNanos() {
    return lastReadNanos;
  }

  void readAt(long nowNanos) {
    lastReadNanos = nowNanos;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      lastReadNanos = System.nanoTime();
      if (remote != null) {
        remote.bytesIn += bytes.readableBytes();
      } else {
        in += bytes.readableBytes();
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      if (remote != null) {
        remote.bytesOut += bytes.readableBytes();
      } else {
        out += bytes.readableBytes();
      }
    }
    context.write(message, promise);
  }
}
