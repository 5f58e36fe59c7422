package dev.replicator.net.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Talks to the daemon over its Unix socket; blocks until it has answered. */
public final class ControlClient {
  private final Path socket;

  public ControlClient(Path socket) {
    this.socket = socket;
  }

  /**
   * One request and its whole answer.
   *
   * @param target path and query, percent-encoded
   * @throws NoDaemonException when no daemon listens
   * @throws AccessDeniedException when only others may ask it
   */
  public Response.Whole call(String method, String target, byte[] body, Duration most)
      throws IOException {
    return exchange(method, target, body, most, ClientAnswer::whole);
  }

  /**
   * One request whose answer is read line by line, while it grows. An answer that is no success is
   * not given to {@code lines}, it is returned whole.
   *
   * @return status and content type, with the body of a failure
   */
  public Response.Whole lines(
      String method, String target, byte[] body, Duration most, Consumer<String> lines)
      throws IOException {
    return exchange(method, target, body, most, answer -> answer.lines(lines));
  }

  private interface Reading {
    Response.Whole read(ClientAnswer answer) throws IOException;
  }

  private Response.Whole exchange(
      String method, String target, byte[] body, Duration most, Reading reading)
      throws IOException {
    if (body.length > HttpLimits.BODY_BYTES_MAX
        || target.length() > HttpLimits.LOCAL_TARGET_CHARACTERS_MAX) {
      throw new IllegalArgumentException("the daemon takes no request as large as this one");
    }
    CountDownLatch done = new CountDownLatch(1);
    try (SocketChannel channel = connect()) {
      Thread watch = Thread.ofVirtual().start(() -> closeAfter(most, done, channel));
      try {
        write(channel, method, target, body);
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
        return reading.read(ClientAnswer.head(in));
      } catch (ClosedChannelException e) {
        // Closed in the middle of a call, or between two.
        throw new IOException("the daemon did not answer within " + most.toSeconds() + " s", e);
      } finally {
        done.countDown();
        watch.interrupt();
      }
    }
  }

  private SocketChannel connect() throws IOException {
    try {
      Files.readAttributes(socket, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new NoDaemonException("no daemon runs here: there is no socket " + socket, e);
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (ConnectException e) {
      channel.close();
      throw new NoDaemonException("no daemon runs here: nobody answers on " + socket, e);
    } catch (SocketException e) {
      channel.close();
      if (!Files.isWritable(socket)) {
        throw new AccessDeniedException(socket.toString());
      }
      throw new IOException("the daemon's socket " + socket + " cannot be used: " + e, e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void write(SocketChannel channel, String method, String target, byte[] body)
      throws IOException {
    String head =
        method
            + " "
            + target
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    ByteBuffer[] out = {
      ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)), ByteBuffer.wrap(body)
    };
    while (out[0].hasRemaining() || out[1].hasRemaining()) {
      channel.write(out);
    }
  }

  private static void closeAfter(Duration most, CountDownLatch done, SocketChannel channel) {
    try {
      if (!done.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
        channel.close();
      }
    } catch (InterruptedException e) {
      // The exchange ended first.
    } catch (IOException e) {
      // It is closed either way.
    }
  }
}
