package dev.replicator.net.session;

import dev.replicator.model.Limits;
import dev.replicator.model.Message.Lane;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.OwnKeyException;
import dev.replicator.net.identity.Tls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection: secured, opened, offered, live, ended, in this order, with one deadline for
 * all that comes before live. Of the network thread, but for {@link #send} and its kind.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  enum Side {
    DIALLED,
    ACCEPTED
  }

  private enum Stage {
    SECURING,
    OPENING,
    OFFERED,
    LIVE,
    ENDED
  }

  final Side side;
  final Channel channel;
  private final Mesh mesh;
  private final Runnable proven;
  private final SessionTimes times;
  private final SslHandler tls;
  private final FrameDecoder decoder = new FrameDecoder();
  private final Traffic traffic = new Traffic(System.nanoTime());
  private final Lanes lanes;
  private final Set<String> pausedBy = new HashSet<>();
  private final List<String> theirRoots = new ArrayList<>();
  private final List<String> ourRoots = new ArrayList<>();

  private Stage stage = Stage.SECURING;
  private @Nullable NodeId node;
  private Control.@Nullable Open theirs;
  private @Nullable Future<?> deadline;
  private @Nullable Future<?> ticking;
  private Ending ending = Ending.LOST;
  private String endingText = "";
  private long pingToken;
  private long lastTickNanos;
  private long liveSinceNanos;

  /** The count of this session by the other side. */
  private long theirSession;

  /**
   * @param handshakes does the arithmetic of TLS handshakes
   * @param proven is told when the other side has shown a pinned key
   */
  Connection(
      Side side,
      Channel channel,
      SSLEngine engine,
      Mesh mesh,
      SessionTimes times,
      Executor handshakes,
      Runnable proven) {
    this.proven = proven;
    this.side = side;
    this.channel = channel;
    this.mesh = mesh;
    this.times = times;
    tls = new QuietTls(engine, handshakes);
    tls.setHandshakeTimeoutMillis(times.handshakeMillis());
    tls.setCloseNotifyFlushTimeoutMillis(times.farewellMillis());
    lanes = new Lanes(channel);
  }

  /** Puts all that a connection needs into its channel. */
  void install() {
    channel.pipeline().addLast(traffic, tls, decoder, this);
    deadline =
        channel
            .eventLoop()
            .schedule(
                () -> end(Ending.LOST, "no session within " + times.handshakeMillis() + " ms"),
                times.handshakeMillis(),
                TimeUnit.MILLISECONDS);
  }

  NodeId node() {
    NodeId known = node;
    if (known == null) {
      throw new IllegalStateException("the connection is not secured yet");
    }
    return known;
  }

  boolean isOf(NodeId other) {
    return other.equals(node);
  }

  boolean isOpen() {
    return stage != Stage.ENDED;
  }

  boolean isSecured() {
    return stage == Stage.OPENING || stage == Stage.OFFERED;
  }

  Control.Open theirs() {
    Control.Open open = theirs;
    if (open == null) {
      throw new IllegalStateException("the other side has not opened yet");
    }
    return open;
  }

  /** Whether roots may have been told of this connection. */
  boolean wasLive() {
    return liveSinceNanos != 0;
  }

  /** The other side's key is one of the pinned ones. */
  void proven() {
    proven.run();
  }

  long theirSession() {
    return theirSession;
  }

  Ending ending() {
    return ending;
  }

  String endingText() {
    return endingText;
  }

  long liveSinceNanos() {
    return liveSinceNanos;
  }

  /** Names that the other side has given, in the order of their places. */
  List<String> theirRoots() {
    return theirRoots;
  }

  /** Names that we have given, in the order of their places. */
  List<String> ourRoots() {
    return ourRoots;
  }

  /** Queues a message; from any thread. */
  void send(Lane lane, int root, byte[] body) {
    if (body.length > Limits.FRAME_BYTES_MAX) {
      channel
          .eventLoop()
          .execute(() ->
              end(
                  Ending.RULE_BROKEN,
                  "a message of " + body.length + " bytes to send, which fits no frame"));
    } else if (!lanes.add(lane, new Frame(FrameType.MESSAGE, root, body))) {
      channel.eventLoop().execute(() -> end(Ending.RULE_BROKEN, "the peer leaves too much unread"));
    }
  }

  /** Queues a message of bulk once little of its root waits; from any thread but the network's. */
  void sendInTurn(int root, byte[] body) throws InterruptedException {
    lanes.addInTurn(new Frame(FrameType.MESSAGE, root, body));
  }

  /** Bulk goes at {@code pace} from now on; told again when that has changed. */
  void paceBy(Pace pace) {
    lanes.paceBy(pace);
  }

  /** From any thread. */
  long queuedBytes(Lane lane) {
    return lanes.queuedBytes(lane);
  }

  /** Writes at once where it can, so that a refusal or goodbye never overtakes it. */
  void sendControl(Control control) {
    lanes.add(Lane.CONTROL, ControlCodec.encode(control));
    lanes.write();
  }

  /** Names more of our roots to the other side. */
  void nameRoots(List<String> names) {
    if (!names.isEmpty()) {
      ourRoots.addAll(names);
      sendControl(new Control.Roots(names));
    }
  }

  void pauseReading(String root, boolean paused) {
    boolean changed = paused ? pausedBy.add(root) : pausedBy.remove(root);
    if (changed && stage == Stage.LIVE) {
      if (!paused && pausedBy.isEmpty()) {
        traffic.readAt(System.nanoTime());
      }
      channel.config().setAutoRead(pausedBy.isEmpty());
    }
  }

  /** Our answer to their OPEN: the connection is theirs to confirm. */
  void offer() {
    stage = Stage.OFFERED;
  }

  /** The connection is the session from now on. */
  void goLive(long theirCount) {
    theirSession = theirCount;
    stage = Stage.LIVE;
    liveSinceNanos = System.nanoTime();
    decoder.allowMessages();
    cancel(deadline);
    lastTickNanos = liveSinceNanos;
    traffic.readAt(liveSinceNanos);
    ticking =
        channel
            .eventLoop()
            .scheduleWithFixedDelay(this::tick, 0, times.pingMillis(), TimeUnit.MILLISECONDS);
  }

  /** Refuses the other side in words, then ends. */
  void refuse(Ending how, Control.Refusal reason, String text) {
    endWith(how, text, ControlCodec.encode(new Control.Refused(reason, text)));
  }

  /** Says goodbye, then ends. */
  void dismiss(Ending how, Control.Farewell reason, String text) {
    endWith(how, text, ControlCodec.encode(new Control.Goodbye(reason, text)));
  }

  /** Ends at once; the first reason given is the one that counts. */
  void end(Ending how, String text) {
    if (conclude(how, text)) {
      channel.close();
    }
  }

  private void endWith(Ending how, String text, Frame last) {
    if (!conclude(how, text)) {
      return;
    }
    channel.writeAndFlush(FrameFormat.encode(channel.alloc(), last)).addListener(_ -> hearOut());
    closeAfterFarewell();
  }

  /**
   * Reads on, and drops what it reads, until the other side closes. A socket that is closed with
   * bytes unread resets the connection, and where the other side still writes, a reset takes our
   * last words from it.
   */
  private void hearOut() {
    if (channel.isActive()) {
      decoder.dropAll();
      channel.config().setAutoRead(true);
    }
  }

  /** The handshake failed; TLS still says why to the other side and closes by itself. */
  private void turnAway(Ending how, String text) {
    if (conclude(how, text)) {
      closeAfterFarewell();
    }
  }

  private void closeAfterFarewell() {
    channel
        .eventLoop()
        .schedule(() -> channel.close(), times.farewellMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean conclude(Ending how, String text) {
    if (stage == Stage.ENDED) {
      return false;
    }
    stage = Stage.ENDED;
    ending = how;
    endingText = text;
    cancel(deadline);
    cancel(ticking);
    lanes.close();
    channel.config().setAutoRead(false);
    mesh.ended(this);
    return true;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && stage == Stage.SECURING) {
      if (handshake.isSuccess()) {
        secured();
      } else {
        Throwable cause = Failure.root(handshake.cause());
        Ending how = cause instanceof OwnKeyException ? Ending.ITSELF : Ending.LOST;
        turnAway(how, mesh.describe(cause, this));
      }
    }
    context.fireUserEventTriggered(event);
  }

  private void secured() {
    SSLEngine engine = tls.engine();
    NodeId shown;
    try {
      shown = Tls.peerOf(engine.getSession());
    } catch (CertificateException e) {
      end(Ending.LOST, Failure.describe(e));
      return;
    }
    String protocol = engine.getApplicationProtocol();
    if (side == Side.ACCEPTED && Tls.PAIRING_PROTOCOL.equals(protocol)) {
      stage = Stage.ENDED;
      cancel(deadline);
      channel.pipeline().remove(decoder);
      channel.pipeline().remove(this);
      mesh.pairing(this, shown);
      return;
    }
    if (!Tls.SESSION_PROTOCOL.equals(protocol)) {
      end(Ending.LOST, "the other side does not speak " + Tls.SESSION_PROTOCOL);
      return;
    }
    node = shown;
    stage = Stage.OPENING;
    mesh.secured(this, traffic);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (stage == Stage.ENDED || !(message instanceof Frame frame)) {
      return;
    }
    try {
      take(frame);
    } catch (Violation e) {
      broken(e);
    }
  }

  private void take(Frame frame) {
    if (frame.type() == FrameType.MESSAGE) {
      require(stage == Stage.LIVE, "a message before the session stands");
      mesh.received(this, frame);
      return;
    }
    switch (ControlCodec.decode(frame)) {
      case Control.Open open -> {
        require(stage == Stage.OPENING && theirs == null, "an OPEN frame out of its place");
        theirs = open;
        mesh.opened(this, open);
      }
      case Control.Ready ready -> {
        require(stage == Stage.OFFERED, "a READY frame out of its place");
        mesh.ready(this, ready);
      }
      case Control.Refused(Control.Refusal reason, String text) -> {
        require(stage != Stage.LIVE, "a REFUSED frame in a session");
        boolean duplicate = reason == Control.Refusal.DUPLICATE;
        end(duplicate ? Ending.SUPERSEDED : Ending.UNWELCOME, "refused by the peer: " + text);
      }
      case Control.Goodbye(Control.Farewell reason, String text) ->
          end(Ending.of(reason), "ended by the peer: " + text);
      case Control.Ping(long token) -> {
        requireLive("a PING");
        lanes.pong(ControlCodec.encode(new Control.Pong(token)));
      }
      case Control.Pong(long token) -> {
        requireLive("a PONG");
        pong(token);
      }
      case Control.Roots(List<String> names) -> {
        requireLive("ROOTS");
        mesh.rootsNamed(this, names);
      }
      case Control.Members(List<Peer> peers) -> {
        requireLive("MEMBERS");
        mesh.membersNamed(this, peers);
      }
      case Control.Fence fence -> {
        requireLive("a FENCE");
        mesh.fences().asked(this, fence);
      }
      case Control.FenceAnswered answered -> {
        requireLive("a FENCE_ANSWER");
        mesh.fences().answered(this, answered);
      }
    }
  }

  private void requireLive(String what) {
    require(stage == Stage.LIVE, what + " frame before the session stands");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new Violation(rule);
    }
  }

  private void broken(Violation violation) {
    String text = Failure.describe(violation);
    if (stage == Stage.LIVE) {
      dismiss(Ending.RULE_BROKEN, Control.Farewell.RULE_BROKEN, text);
    } else {
      end(node == null ? Ending.LOST : Ending.RULE_BROKEN, text);
    }
  }

  private void tick() {
    if (stage != Stage.LIVE) {
      return;
    }
    long now = System.nanoTime();
    long pingNanos = TimeUnit.MILLISECONDS.toNanos(times.pingMillis());
    boolean stalled = now - lastTickNanos > 2 * pingNanos;
    lastTickNanos = now;
    if (stalled || !pausedBy.isEmpty()) {
      // This process slept, or does not read: nothing follows from silence.
      traffic.readAt(now);
    }
    long silentMillis = TimeUnit.NANOSECONDS.toMillis(now - traffic.lastReadNanos());
    if (silentMillis > times.silentMillis()) {
      end(Ending.LOST, "silent for " + silentMillis + " ms");
      return;
    }
    ping(now);
  }

  private void ping(long now) {
    pingToken = now;
    lanes.ping(ControlCodec.encode(new Control.Ping(now)));
  }

  /** Asks the other side for a sign of life; false where nothing is read of it. */
  boolean probe() {
    ping(System.nanoTime());
    return pausedBy.isEmpty();
  }

  private void pong(long token) {
    if (token == pingToken && token != 0) {
      mesh.answered(this, System.nanoTime() - token);
      pingToken = 0;
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      lanes.write();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(Ending.LOST, "the other side closed the connection");
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable root = Failure.root(cause);
    if (root instanceof Violation violation) {
      broken(violation);
    } else {
      end(Ending.LOST, Failure.describe(cause));
    }
  }

  private static void cancel(@Nullable Future<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }
}
