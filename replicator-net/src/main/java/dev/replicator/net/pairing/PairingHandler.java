package dev.replicator.net.pairing;

import dev.replicator.model.NodeId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pairing connection: one request, one answer, a summary if it is a dry run, the end. */
final class PairingHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(PairingHandler.class);

  private final PairingServer server;
  private final Executor worker;
  private final NodeId joiner;
  private final InetSocketAddress from;
  private @Nullable Future<?> deadline;
  private boolean asked;

  PairingHandler(PairingServer server, Executor worker, NodeId joiner, InetSocketAddress from) {
    this.server = server;
    this.worker = worker;
    this.joiner = joiner;
    this.from = from;
  }

  /** Takes the one request out of the stream; anything larger ends the connection. */
  static final class RequestDecoder extends ByteToMessageDecoder {
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      if (in.readableBytes() < Integer.BYTES) {
        return;
      }
      int length = in.getInt(in.readerIndex());
      if (length < 1 || length > PairingLimits.REQUEST_BYTES_MAX) {
        context.close();
        in.skipBytes(in.readableBytes());
        return;
      }
      if (in.readableBytes() - Integer.BYTES >= length) {
        byte[] body = new byte[length];
        in.skipBytes(Integer.BYTES).readBytes(body);
        out.add(body);
      }
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline =
        context
            .executor()
            .schedule(
                () -> context.close(), PairingLimits.EXCHANGE_MILLIS_MAX, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof byte[] body) || asked) {
      context.close();
      return;
    }
    asked = true;
    cancelDeadline();
    try {
      worker.execute(() -> serve(context.channel(), body));
    } catch (RejectedExecutionException e) {
      context.close();
    }
  }

  /** On a worker. */
  private void serve(Channel channel, byte[] body) {
    PairingCodec.Request request;
    try {
      request = PairingCodec.request(body);
    } catch (PairingCodec.Malformed e) {
      LOG.info("pairing from={} {}", from.getAddress().getHostAddress(), e.getMessage());
      channel.close();
      return;
    }
    try {
      PairingCodec.Answer answer = server.answer(request, joiner, from);
      boolean more = request.dryRun() && answer.refusal().isEmpty();
      send(channel, answer, !more);
      if (more) {
        SummaryWriter writer = new SummaryWriter(channel);
        server.summarise(request, writer);
        channel.close();
      }
    } catch (RuntimeException e) {
      LOG.warn("pairing from={} failed", from.getAddress().getHostAddress(), e);
      send(
          channel,
          PairingCodec.Answer.refused(Refusal.OTHER, "the inviter failed; its log says why"),
          true);
    }
  }

  private static void send(Channel channel, PairingCodec.Answer answer, boolean last) {
    byte[] body = PairingCodec.encode(answer);
    ByteBuf frame = channel.alloc().heapBuffer(Integer.BYTES + body.length);
    var written = channel.writeAndFlush(frame.writeInt(body.length).writeBytes(body));
    if (last) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("pairing from={} ended", from, cause);
    context.close();
  }

  private void cancelDeadline() {
    Future<?> pending = deadline;
    if (pending != null) {
      pending.cancel(false);
    }
  }
}
