package dev.replicator.net.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: a request, its answer, the next request. Nothing is taken in between. */
final class Exchange extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final Routes routes;
  private final Executor workers;
  private final Optional<HostRule> hosts;
  private @Nullable Future<?> deadline;
  private boolean busy;

  Exchange(Routes routes, Executor workers, Optional<HostRule> hosts) {
    this.routes = routes;
    this.workers = workers;
    this.hosts = hosts;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    awaitRequest(context.channel());
  }

  private void awaitRequest(Channel channel) {
    busy = false;
    deadline =
        channel
            .eventLoop()
            .schedule(() -> channel.close(), HttpLimits.REQUEST_MILLIS_MAX, TimeUnit.MILLISECONDS);
  }

  private void cancelDeadline() {
    Future<?> pending = deadline;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
    Channel channel = context.channel();
    if (busy) {
      // Somebody who does not wait for the answer speaks another protocol.
      channel.close();
      return;
    }
    busy = true;
    cancelDeadline();
    boolean keepAlive = HttpUtil.isKeepAlive(message);
    if (message.decoderResult().isFailure()) {
      answer(channel, Response.text(400, "this is not HTTP/1.1\n"), false);
      return;
    }
    if (!hostAllowed(message.headers())) {
      answer(channel, Response.text(421, "this host name is not configured here\n"), false);
      return;
    }
    byte[] body = new byte[message.content().readableBytes()];
    message.content().readBytes(body);
    Request request;
    try {
      request = Request.of(message.method().name(), message.uri(), body);
    } catch (IllegalArgumentException e) {
      answer(channel, Response.text(400, e.getMessage() + "\n"), keepAlive);
      return;
    }
    try {
      workers.execute(() -> serve(channel, request, keepAlive));
    } catch (RejectedExecutionException e) {
      answer(channel, Response.text(503, "the daemon stops or has too much to do\n"), false);
    }
  }

  private boolean hostAllowed(HttpHeaders headers) {
    List<String> values = headers.getAll(HttpHeaderNames.HOST);
    return hosts.isEmpty() || (values.size() == 1 && hosts.get().allows(values.get(0)));
  }

  /** On a worker. */
  private void serve(Channel channel, Request request, boolean keepAlive) {
    try {
      routes
          .handle(request)
          .whenCompleteAsync(
              (response, failure) -> {
                if (failure != null) {
                  failed(channel, request, failure);
                } else {
                  answer(channel, response, keepAlive);
                }
              },
              workers);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer(channel, Response.text(503, "the daemon stops\n"), false);
    } catch (RuntimeException e) {
      failed(channel, request, e);
    }
  }

  private void failed(Channel channel, Request request, Throwable failure) {
    LOG.error("{} {} failed", request.method(), request.path(), failure);
    answer(channel, Response.text(500, "the daemon failed; its log says why\n"), false);
  }

  private void answer(Channel channel, Response response, boolean keepAlive) {
    try {
      switch (response) {
        // There, or the next request could be read before this one is known to be answered.
        case Response.Whole whole ->
            channel.eventLoop().execute(() -> answerWhole(channel, whole, keepAlive));
        case Response.Lines lines -> answerLines(channel, lines);
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("no answer: the server is closed");
    }
  }

  /** On the event loop, which alone touches this connection's state. */
  private void answerWhole(Channel channel, Response.Whole whole, boolean keepAlive) {
    DefaultFullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(whole.status()),
            Unpooled.wrappedBuffer(whole.body()));
    head(message, whole.contentType());
    message.headers().set(HttpHeaderNames.CONTENT_LENGTH, whole.body().length);
    if (!keepAlive) {
      message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    ChannelFuture written = channel.writeAndFlush(message);
    Future<?> stalled =
        channel
            .eventLoop()
            .schedule(() -> channel.close(), HttpLimits.WRITE_MILLIS_MAX, TimeUnit.MILLISECONDS);
    written.addListener(done -> {
      stalled.cancel(false);
      if (keepAlive && done.isSuccess()) {
        awaitRequest(channel);
      } else {
        channel.close();
      }
    });
  }

  /** On a worker, which the producer may block. */
  private static void answerLines(Channel channel, Response.Lines lines) {
    HttpResponse message =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(lines.status()));
    head(message, lines.contentType());
    message.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    channel.writeAndFlush(message);
    if (isProduced(channel, lines)) {
      // There, or a server that was closed meanwhile is told of as an error.
      channel
          .eventLoop()
          .execute(() ->
              channel
                  .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                  .addListener(ChannelFutureListener.CLOSE));
    } else {
      // Without its last chunk the client knows that the answer is not whole.
      channel.close();
    }
  }

  private static boolean isProduced(Channel channel, Response.Lines lines) {
    try {
      lines.producer().produce(new Sink(channel));
      return true;
    } catch (IOException e) {
      // The client went away: nothing is wrong.
      LOG.debug("lines ended early: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("lines broke off", e);
    }
    return false;
  }

  private record Sink(Channel channel) implements Response.LineSink {
    @Override
    public void line(String text) throws IOException, InterruptedException {
      byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
      ChannelFuture written =
          channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
      if (!written.await(HttpLimits.WRITE_MILLIS_MAX)) {
        channel.close();
        throw new IOException("the client does not read");
      }
      if (!written.isSuccess()) {
        throw new IOException("the client is gone", written.cause());
      }
    }

    @Override
    public boolean isOpen() {
      return channel.isActive();
    }
  }

  private static void head(HttpResponse message, String contentType) {
    message
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, contentType)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("X-Content-Type-Options", "nosniff")
        .set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        .set("X-Frame-Options", "DENY");
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("a connection failed: {}", cause.toString());
    context.close();
  }
}
