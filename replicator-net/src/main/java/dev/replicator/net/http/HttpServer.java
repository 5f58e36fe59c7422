package dev.replicator.net.http;

import dev.replicator.net.session.Address;
import dev.replicator.net.session.ListenException;
import dev.replicator.net.session.Listening;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP/1.1 on a Unix socket and, where asked, on TCP: one thread, handlers on other ones. */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final int BACKLOG = 64;
  private static final long CLOSE_MILLIS_MAX = 900;

  private final Executor workers;
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("replicator-http", true), NioIoHandler.newFactory());
  private final List<UnixSocketFile> files = new ArrayList<>();

  /** All that is open; what joins it later is closed at once. */
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  /**
   * A server without an address yet.
   *
   * @param workers where handlers run and may block; virtual threads do
   */
  public HttpServer(Executor workers) {
    this.workers = workers;
  }

  /** Serves {@code routes} to whoever may open the socket file: the account of the daemon. */
  public void listen(Path socket, Routes routes) throws ListenException {
    UnixSocketFile file = new UnixSocketFile(socket);
    try {
      bind(
          NioServerDomainSocketChannel.class,
          file.prepare(),
          new Pipeline(
              routes,
              HttpLimits.LOCAL_LINE_BYTES_MAX,
              HttpLimits.LOCAL_CONNECTIONS_MAX,
              Optional.empty()),
          socket);
      file.publish();
      files.add(file);
    } catch (IOException e) {
      throw Listening.failure(socket, e);
    }
  }

  /**
   * Serves {@code routes} to the network.
   *
   * @param hosts names, besides literal addresses, by which clients may call this server
   * @return the port
   */
  public int listen(Address address, Set<String> hosts, Routes routes) throws ListenException {
    InetSocketAddress local =
        address.host().isEmpty()
            ? new InetSocketAddress(address.port())
            : new InetSocketAddress(address.host(), address.port());
    Channel channel =
        bind(
            NioServerSocketChannel.class,
            local,
            new Pipeline(
                routes,
                HttpLimits.REMOTE_LINE_BYTES_MAX,
                HttpLimits.REMOTE_CONNECTIONS_MAX,
                Optional.of(new HostRule(hosts))),
            address);
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  private Channel bind(
      Class<? extends ServerChannel> type, SocketAddress local, Pipeline pipeline, Object named)
      throws ListenException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channel(type)
            .option(io.netty.channel.ChannelOption.SO_BACKLOG, BACKLOG)
            .childHandler(pipeline)
            .bind(local)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw Listening.failure(named, bound.cause());
    }
    channels.add(bound.channel());
    return bound.channel();
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    private final Routes routes;
    private final int lineBytesMax;
    private final int connectionsMax;
    private final Optional<HostRule> hosts;
    private final AtomicInteger connections = new AtomicInteger();

    Pipeline(Routes routes, int lineBytesMax, int connectionsMax, Optional<HostRule> hosts) {
      this.routes = routes;
      this.lineBytesMax = lineBytesMax;
      this.connectionsMax = connectionsMax;
      this.hosts = hosts;
    }

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel.closeFuture().addListener(_ -> connections.decrementAndGet());
      if (connections.incrementAndGet() > connectionsMax) {
        LOG.warn("more than {} connections: one is refused", connectionsMax);
        channel.close();
        return;
      }
      channels.add(channel);
      HttpDecoderConfig config =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(lineBytesMax)
              .setMaxHeaderSize(HttpLimits.HEADERS_BYTES_MAX);
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(config),
              new HttpObjectAggregator(HttpLimits.BODY_BYTES_MAX, true),
              new Exchange(routes, workers, hosts));
    }
  }

  @Override
  public void close() {
    for (UnixSocketFile file : files) {
      try {
        file.remove();
      } catch (IOException e) {
        LOG.warn("the socket file stays: {}", e.toString());
      }
    }
    // A loop that ends without a quiet period may leave a channel open, and who asked on it waits.
    long each = CLOSE_MILLIS_MAX / 2;
    channels.close().awaitUninterruptibly(each, TimeUnit.MILLISECONDS);
    group
        .shutdownGracefully(0, each, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(each, TimeUnit.MILLISECONDS);
  }
}
