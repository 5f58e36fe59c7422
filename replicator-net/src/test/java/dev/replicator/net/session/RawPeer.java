package dev.replicator.net.session;

import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Tls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A peer that says exactly what a test wants, frame by frame, over a blocking TLS socket. */
final class RawPeer implements AutoCloseable {
  private static final int DEADLINE_MILLIS = 30_000;
  static final long INSTANCE = 42;

  private final NodeKey key;
  private final Node node;
  private final SSLSocket socket;
  final DataInputStream in;
  final DataOutputStream out;

  private RawPeer(NodeKey key, Node node, SSLSocket socket) throws IOException {
    this.key = key;
    this.node = node;
    this.socket = socket;
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  static Socket tcp(Node node) throws IOException {
    Socket socket = new Socket("127.0.0.1", node.network.address().port());
    socket.setSoTimeout(DEADLINE_MILLIS);
    return socket;
  }

  /** A TLS socket to {@code node} that has not shaken hands yet. */
  static SSLSocket tls(Node node, SSLContext context, SSLParameters parameters) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(tcp(node), "", 0, true);
    socket.setUseClientMode(true);
    socket.setSSLParameters(parameters);
    return socket;
  }

  static SSLParameters speaking(String... protocols) {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setApplicationProtocols(protocols);
    return parameters;
  }

  static RawPeer connect(NodeKey key, Node node) throws IOException {
    SSLSocket socket = tls(node, Tls.pairing(key, node.id()), speaking(Tls.SESSION_PROTOCOL));
    socket.startHandshake();
    return new RawPeer(key, node, socket);
  }

  static Control.Open open(int version) {
    return new Control.Open(version, version, 0, "raw", "raw", 1, INSTANCE, 0);
  }

  /** As another run of the same daemon, or as a copy of it. */
  static Control.Open open(long instance) {
    return new Control.Open(1, 1, 0, "raw", "raw", 1, instance, 0);
  }

  /** Everything up to the standing session. */
  RawPeer opened() throws IOException {
    return opened(INSTANCE);
  }

  RawPeer opened(long instance) throws IOException {
    send(open(instance));
    if (!(receive() instanceof Control.Open)) {
      throw new AssertionError("wanted an OPEN frame");
    }
    if (key.node().compareTo(node.id()) < 0) {
      send(new Control.Ready(1, 0));
      awaitReady();
    } else {
      awaitReady();
      send(new Control.Ready(1, 1));
    }
    return this;
  }

  private void awaitReady() throws IOException {
    Control control = receive();
    if (!(control instanceof Control.Ready)) {
      throw new AssertionError("wanted a READY frame, not " + control);
    }
  }

  RawPeer withRoot() throws IOException {
    send(new Control.Roots(List.of("uploads")));
    return this;
  }

  void send(Control control) throws IOException {
    send(ControlCodec.encode(control));
  }

  void send(Frame frame) throws IOException {
    ByteBuf bytes = FrameFormat.encode(UnpooledByteBufAllocator.DEFAULT, frame);
    byte[] array = new byte[bytes.readableBytes()];
    bytes.readBytes(array).release();
    raw(array);
  }

  /** A frame of {@code body}, its type byte included. */
  void sendRaw(byte... body) throws IOException {
    out.writeInt(body.length);
    out.write(body);
    out.flush();
  }

  void raw(byte... bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  Control receive() throws IOException {
    byte[] body = new byte[in.readInt()];
    in.readFully(body);
    return ControlCodec.decode(FrameFormat.decode(Unpooled.wrappedBuffer(body), body.length));
  }

  /** Why the node wants no session; other frames before it are skipped. */
  Control.Refused receiveRefusal() throws IOException {
    while (true) {
      if (receive() instanceof Control.Refused refused) {
        return refused;
      }
    }
  }

  /** From now on it lives, and says nothing else. */
  RawPeer answering() {
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              if (receive() instanceof Control.Ping(long token)) {
                send(new Control.Pong(token));
              }
            }
          } catch (IOException ended) {
            // The test closes it.
          }
        });
    return this;
  }

  /** Why the node says goodbye; other frames before it are skipped. */
  Control.Goodbye receiveGoodbye() throws IOException {
    while (true) {
      if (receive() instanceof Control.Goodbye goodbye) {
        return goodbye;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
