package dev.replicator.net.session;

import dev.replicator.model.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Takes frames out of the stream; a length is checked before anything is kept for it. */
final class FrameDecoder extends ByteToMessageDecoder {
  private int frameBytesMax = SessionLimits.OPENING_FRAME_BYTES_MAX;
  private boolean dropping;

  /** The session stands: from now on frames may be as large as messages are. */
  void allowMessages() {
    frameBytesMax = FrameFormat.HEAD_BYTES_MAX + Limits.FRAME_BYTES_MAX;
  }

  /** Nothing is wanted any more: what comes from now on is neither kept nor looked at. */
  void dropAll() {
    dropping = true;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (dropping) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (in.readableBytes() < FrameFormat.LENGTH_BYTES) {
      return;
    }
    int length = in.getInt(in.readerIndex());
    if (length < 1 || length > frameBytesMax) {
      throw new Violation(
          "a frame of %s bytes, at most %d are allowed here"
              .formatted(Integer.toUnsignedString(length), frameBytesMax));
    }
    if (in.readableBytes() - FrameFormat.LENGTH_BYTES < length) {
      return;
    }
    in.skipBytes(FrameFormat.LENGTH_BYTES);
    out.add(FrameFormat.decode(in, length));
  }
}
