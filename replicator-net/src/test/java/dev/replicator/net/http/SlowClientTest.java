package dev.replicator.net.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.net.session.Address;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that take their time, or come in numbers. */
@Timeout(60)
final class SlowClientTest {
  private static final Routes ROUTES =
      new Routes()
          .add(
              "GET",
              "/",
              request -> CompletableFuture.completedFuture(Response.text(200, "here\n")));

  private static EmbeddedChannel channel() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new HttpServerCodec(),
            new HttpObjectAggregator(HttpLimits.BODY_BYTES_MAX, true),
            new Exchange(ROUTES, Runnable::run, Optional.empty()));
    channel.freezeTime();
    return channel;
  }

  private static void write(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private static void pass(EmbeddedChannel channel, long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  @Test
  void aRequestThatTricklesInDoesNotMoveItsDeadline() {
    EmbeddedChannel channel = channel();
    write(channel, "GET / HTTP/1.1\r\n");
    for (int second = 1; second < HttpLimits.REQUEST_MILLIS_MAX / 1_000; second++) {
      write(channel, "X-" + second + ": 1\r\n");
      pass(channel, 1_000);
      assertTrue(channel.isOpen(), "closed too early");
    }
    pass(channel, 1_000);

    assertFalse(channel.isOpen());
    channel.finishAndReleaseAll();
  }

  @Test
  void aBodyThatTricklesInDoesNotMoveItEither() {
    EmbeddedChannel channel = channel();
    write(channel, "POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n");
    for (int tenth = 0; tenth < 10; tenth++) {
      write(channel, "x");
      pass(channel, HttpLimits.REQUEST_MILLIS_MAX / 10);
    }

    assertFalse(channel.isOpen());
    channel.finishAndReleaseAll();
  }

  @Test
  void aConnectionThatStaysIdleAfterItsAnswerIsClosed() {
    EmbeddedChannel channel = channel();
    write(channel, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    channel.runPendingTasks();
    assertTrue(channel.isOpen());
    pass(channel, HttpLimits.REQUEST_MILLIS_MAX);

    assertFalse(channel.isOpen());
    channel.finishAndReleaseAll();
  }

  @Test
  void moreIdleConnectionsThanThereMayBeAreRefusedAndLeaveRoomWhenTheyGo() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try (HttpServer server = new HttpServer(Runnable::run)) {
      int port = server.listen(Address.parse("127.0.0.1:0"), Set.of(), ROUTES);
      for (int number = 0; number < HttpLimits.REMOTE_CONNECTIONS_MAX; number++) {
        idle.add(new Socket("127.0.0.1", port));
      }
      try (Socket oneMore = new Socket("127.0.0.1", port)) {
        oneMore.setSoTimeout(30_000);
        assertEquals(-1, oneMore.getInputStream().read());
      }
      for (Socket socket : idle) {
        socket.close();
      }
      String status = "";
      while (!status.startsWith("HTTP/1.1 200")) {
        status = status(port);
      }
    }
  }

  /** What is answered; nothing while the server has not noticed yet who left. */
  private static String status(int port) throws Exception {
    try (Socket client = new Socket("127.0.0.1", port)) {
      client.setSoTimeout(30_000);
      client
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (java.net.SocketException refused) {
      return "";
    }
  }
}
