package dev.replicator.net.session;

import dev.replicator.model.NodeId;
import dev.replicator.net.identity.OwnKeyException;
import dev.replicator.net.identity.Tls;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The network thread with its sockets: epoll where there is one, NIO elsewhere. */
final class Sockets {
  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
  private static final int PAGE_BYTES = 8 * 1_024;

  /** Pages of a chunk as a power of two: 1 MiB, so that little memory is held for a burst. */
  private static final int CHUNK_ORDER = 7;

  private static final int BACKLOG = 128;
  private static final long CLOSE_MILLIS_MAX = 800;
  private static final long IDLE_SECONDS = 30;

  private final Tls tls;
  private final InboundPairing pairing;
  private final SessionTimes times;
  private final boolean epoll = Epoll.isAvailable();
  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final ByteBufAllocator allocator =
      new PooledByteBufAllocator(false, 1, 1, PAGE_BYTES, CHUNK_ORDER, 0, 0, false);
  private final Admission admission = new Admission();

  /**
   * Strangers can make this thread work, so it is not the one that moves data. What it may be asked
   * at once is bounded by the connections that may be unproven.
   */
  private final ThreadPoolExecutor handshakes =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          new DefaultThreadFactory("replicator-tls", true));

  private @Nullable Mesh served;

  Sockets(Tls tls, InboundPairing pairing, SessionTimes times) {
    this.tls = tls;
    this.pairing = pairing;
    this.times = times;
    group =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("replicator-net", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    loop = group.next();
    handshakes.allowCoreThreadTimeOut(true);
  }

  void serve(Mesh mesh) {
    served = mesh;
  }

  NodeId self() {
    return tls.self();
  }

  EventLoop executor() {
    return loop;
  }

  boolean isNetworkThread() {
    return loop.inEventLoop();
  }

  Channel listen(Address address) throws ListenException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childHandler(new Accepting());
    bootstrap.childOption(ChannelOption.ALLOCATOR, allocator);
    bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
    bootstrap.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark());
    bootstrap.childOption(ChannelOption.RECVBUF_ALLOCATOR, readAtOnce());
    if (epoll) {
      bootstrap.childOption(
          EpollChannelOption.TCP_NOTSENT_LOWAT, (long) SessionLimits.UNSENT_BYTES_MAX);
    }
    InetSocketAddress local =
        address.host().isEmpty()
            ? new InetSocketAddress(address.port())
            : new InetSocketAddress(address.host(), address.port());
    ChannelFuture bound = bootstrap.bind(local).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw Listening.failure(address, bound.cause());
    }
    return bound.channel();
  }

  /** Lets a connection begin, when not too many are unproven already. */
  private final class Accepting extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (!(channel.remoteAddress() instanceof InetSocketAddress from)
          || !admission.enter(from.getAddress())) {
        channel.close();
        return;
      }
      Runnable leave = new Once(() -> admission.leave(from.getAddress()));
      channel.closeFuture().addListener(_ -> leave.run());
      Connection connection =
          new Connection(
              Connection.Side.ACCEPTED,
              channel,
              tls.accepting(pairing::open),
              mesh(),
              times,
              handshakes,
              leave);
      mesh().begun(connection);
      connection.install();
    }
  }

  /** Runs what it is given at most once. Of the network thread. */
  private static final class Once implements Runnable {
    private final Runnable task;
    private boolean done;

    Once(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (!done) {
        done = true;
        task.run();
      }
    }
  }

  /** Dials {@code remote}; a connection or {@link Mesh#dialFailed} follows. */
  void dial(Remote remote) {
    Address address = Address.parse(remote.peer.address());
    // A resolver may block for long: it gets a thread of its own.
    Thread.ofVirtual()
        .name("replicator-resolve")
        .start(() -> {
          try {
            InetAddress[] all = InetAddress.getAllByName(address.host());
            List<InetSocketAddress> targets =
                Arrays.stream(all).map(one -> new InetSocketAddress(one, address.port())).toList();
            loop.execute(() -> connect(remote, targets));
          } catch (UnknownHostException e) {
            loop.execute(() -> mesh().dialFailed(remote, Failure.describe(e)));
          } catch (RuntimeException e) {
            LOG.debug("peer={} not resolved", remote.peer.name(), e);
          }
        });
  }

  private void connect(Remote remote, List<InetSocketAddress> targets) {
    Mesh mesh = mesh();
    if (remote.removed) {
      return;
    }
    Optional<InetSocketAddress> target = remote.next(targets, System.nanoTime());
    if (target.isEmpty()) {
      mesh.dialFailed(remote, Failure.describe(new OwnKeyException()));
      return;
    }
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) times.handshakeMillis());
    bootstrap.option(ChannelOption.ALLOCATOR, allocator);
    bootstrap.option(ChannelOption.TCP_NODELAY, true);
    bootstrap.option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark());
    bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, readAtOnce());
    if (epoll) {
      bootstrap.option(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) SessionLimits.UNSENT_BYTES_MAX);
    }
    bootstrap.handler(
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            // The handlers follow when the connection stands: until then there is nothing to end.
          }
        });
    bootstrap
        .connect(target.get())
        .addListener((ChannelFuture future) -> {
          if (future.isSuccess()) {
            reached(remote, future.channel());
          } else {
            mesh.dialFailed(remote, Failure.describe(future.cause()));
          }
        });
  }

  private void reached(Remote remote, Channel channel) {
    remote.reaching = false;
    Connection connection =
        new Connection(
            Connection.Side.DIALLED,
            channel,
            tls.dialling(remote.peer.node()),
            mesh(),
            times,
            handshakes,
            () -> {});
    if (mesh().dialled(remote, connection)) {
      connection.install();
    } else {
      channel.close();
    }
  }

  /**
   * Netty guesses from what came before, and begins anew at 2 KiB after some small frames: a file
   * of 64 KiB then takes a dozen calls.
   */
  private static RecvByteBufAllocator readAtOnce() {
    return new FixedRecvByteBufAllocator(SessionLimits.READ_BYTES);
  }

  private static WriteBufferWaterMark waterMark() {
    return new WriteBufferWaterMark(
        SessionLimits.WRITTEN_BYTES_MAX / 2, SessionLimits.WRITTEN_BYTES_MAX);
  }

  Future<?> later(Runnable task, long millis) {
    return loop.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  /** Gives last frames a moment to leave, then ends the thread. */
  void close() {
    long farewell = Math.min(times.farewellMillis(), CLOSE_MILLIS_MAX / 2);
    group
        .shutdownGracefully(Math.min(100, farewell), farewell, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
    handshakes.shutdownNow();
  }

  private Mesh mesh() {
    Mesh mesh = served;
    if (mesh == null) {
      throw new IllegalStateException("no mesh yet");
    }
    return mesh;
  }
}
