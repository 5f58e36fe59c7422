package dev.replicator.cli.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.replicator.codec.CodecException;
import dev.replicator.codec.WireCodec;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Tls;
import dev.replicator.proto.SessionGoodbye;
import dev.replicator.proto.SessionOpen;
import dev.replicator.proto.SessionPing;
import dev.replicator.proto.SessionPong;
import dev.replicator.proto.SessionReady;
import dev.replicator.proto.SessionRoots;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import net.jpountz.lz4.LZ4Factory;

/** One session of a hostile peer: frames of its own making over a blocking TLS socket. */
final class HostileSession implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int OPEN = 1;
  private static final int READY = 2;
  private static final int REFUSED = 3;
  private static final int GOODBYE = 4;
  private static final int PING = 5;
  private static final int PONG = 6;
  private static final int ROOTS = 7;
  private static final int MESSAGE = 9;
  private static final int COMPRESSED = 0x80;

  private final SSLSocket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final Contents contents;
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

  /** What the other side said, or that it says nothing any more. */
  private sealed interface Received {
    record Said(Message message) implements Received {}

    record Farewell(SessionGoodbye goodbye) implements Received {}

    record Gone(String why) implements Received {}
  }

  private record Frame(int type, ByteString body) {}

  private HostileSession(SSLSocket socket, Contents contents) throws IOException {
    this.socket = socket;
    this.contents = contents;
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** Tries until the other side takes it: after a broken rule it does not for a while. */
  static HostileSession open(NodeKey key, NodeId other, String address, Contents contents)
      throws IOException {
    Deadline deadline = Deadline.in(PATIENCE);
    while (!deadline.isOver()) {
      HostileSession session = new HostileSession(connect(key, other, address), contents);
      try {
        if (session.isWelcome(key.node().compareTo(other) < 0)) {
          Thread.ofVirtual().start(session::listen);
          return session;
        }
      } catch (IOException refused) {
        // Once more.
      }
      session.close();
      Deadline.rest();
    }
    throw new AssertionError("no session within " + PATIENCE);
  }

  private static SSLSocket connect(NodeKey key, NodeId other, String address) throws IOException {
    int colon = address.lastIndexOf(':');
    Socket plain =
        new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    plain.setSoTimeout((int) PATIENCE.toMillis());
    SSLSocket socket =
        (SSLSocket) Tls.pairing(key, other).getSocketFactory().createSocket(plain, "", 0, true);
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setApplicationProtocols(new String[] {Tls.SESSION_PROTOCOL});
    socket.setUseClientMode(true);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private boolean isWelcome(boolean deciding) throws IOException {
    send(
        OPEN,
        SessionOpen.newBuilder()
            .setVersionFrom(1)
            .setVersionTo(1)
            .setName("hostile")
            .setSoftware("none")
            .setInstance(ThreadLocalRandom.current().nextLong())
            .build());
    if (next().type() != OPEN) {
      return false;
    }
    SessionReady ready = SessionReady.newBuilder().setVersion(1).setSession(1).build();
    if (deciding) {
      send(READY, ready);
    }
    if (next().type() != READY) {
      return false;
    }
    if (!deciding) {
      send(READY, ready);
    }
    send(ROOTS, SessionRoots.newBuilder().addNames(TestNode.ROOT).build());
    return true;
  }

  private void send(int type, MessageLite body) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(type);
    body.writeTo(frame);
    send(frame.toByteArray());
  }

  private synchronized void send(byte[] frame) throws IOException {
    out.writeInt(frame.length);
    out.write(frame);
    out.flush();
  }

  /** Whatever {@code envelope} is, as a message about the root. */
  void tell(byte[] envelope) throws IOException {
    send(
        ByteBuffer.allocate(2 + envelope.length)
            .put((byte) MESSAGE)
            .put((byte) 0)
            .put(envelope)
            .array());
  }

  void tell(MessageLite envelope) throws IOException {
    tell(envelope.toByteArray());
  }

  void tell(Message message) throws IOException {
    tell(WireCodec.encode(message));
  }

  private void tell(Stream<Message> messages) throws IOException {
    Iterator<Message> each = messages.iterator();
    while (each.hasNext()) {
      tell(each.next());
    }
  }

  private Frame next() throws IOException {
    byte[] frame = new byte[in.readInt()];
    in.readFully(frame);
    int type = Byte.toUnsignedInt(frame[0]);
    int header = type % COMPRESSED == MESSAGE ? 2 : 1;
    if (type < COMPRESSED) {
      return new Frame(type, ByteString.copyFrom(frame, header, frame.length - header));
    }
    byte[] body = new byte[ByteBuffer.wrap(frame).getInt(header)];
    int from = header + Integer.BYTES;
    LZ4Factory.safeInstance()
        .safeDecompressor()
        .decompress(frame, from, frame.length - from, body, 0);
    return new Frame(type - COMPRESSED, ByteString.copyFrom(body));
  }

  private void listen() {
    try {
      while (true) {
        take(next());
      }
    } catch (IOException | CodecException ended) {
      received.add(new Received.Gone(ended.toString()));
    }
  }

  private void take(Frame frame) throws IOException, CodecException {
    switch (frame.type()) {
      case PING ->
          send(
              PONG,
              SessionPong.newBuilder()
                  .setToken(SessionPing.parseFrom(frame.body()).getToken())
                  .build());
      case GOODBYE -> received.add(new Received.Farewell(SessionGoodbye.parseFrom(frame.body())));
      case MESSAGE -> {
        switch (WireCodec.decode(frame.body().toByteArray())) {
          case Message.ManifestWanted asked -> tell(contents.answers(asked));
          case Message.ChunksWanted asked -> tell(contents.answers(asked));
          case Message said -> received.add(new Received.Said(said));
        }
      }
      default -> {
        // Nothing that any of these tests needs.
      }
    }
  }

  private Received poll() {
    try {
      Received next = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return next == null ? new Received.Gone("silent for " + PATIENCE) : next;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }

  /** The next message of that kind that is meant; others before it do not matter. */
  <T extends Message> T await(Class<T> kind, Predicate<T> meant) {
    while (true) {
      switch (poll()) {
        case Received.Said(Message message) -> {
          if (kind.isInstance(message) && meant.test(kind.cast(message))) {
            return kind.cast(message);
          }
        }
        case Received.Farewell(SessionGoodbye goodbye) ->
            throw new AssertionError("wanted " + kind.getSimpleName() + ", not " + goodbye);
        case Received.Gone(String why) ->
            throw new AssertionError("wanted " + kind.getSimpleName() + ": " + why);
      }
    }
  }

  /** Why the other side ends this session. */
  SessionGoodbye awaitGoodbye() {
    while (true) {
      switch (poll()) {
        case Received.Said _ -> {
          // It was on its way.
        }
        case Received.Farewell(SessionGoodbye goodbye) -> {
          return goodbye;
        }
        case Received.Gone(String why) -> throw new AssertionError("wanted a goodbye: " + why);
      }
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      // Nothing is said any more either way.
    }
  }
}
