package dev.replicator.net.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.net.session.Address;
import dev.replicator.net.session.ListenException;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class HttpServerTest {
  private static final Duration MOST = Duration.ofSeconds(30);
  private static final byte[] NOTHING = {};

  @TempDir Path directory;

  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch firstLineSeen = new CountDownLatch(1);
  private final CompletableFuture<Boolean> clientLeft = new CompletableFuture<>();
  private final CountDownLatch never = new CountDownLatch(1);
  private Path socket;
  private HttpServer server;

  @BeforeEach
  void startServer() throws Exception {
    socket = directory.resolve("control.sock");
    server = new HttpServer(workers);
    server.listen(socket, routes());
  }

  @AfterEach
  void stopServer() {
    server.close();
    workers.shutdownNow();
  }

  private Routes routes() {
    return new Routes()
        .add("GET", "/status", _ -> done(Response.json(200, "{}")))
        .add(
            "POST",
            "/echo",
            request ->
                done(
                    Response.text(
                        200,
                        new String(
                                request.octets("path").orElse(NOTHING), StandardCharsets.ISO_8859_1)
                            + "|"
                            + request.body().length)))
        .add(
            "GET",
            "/fails",
            _ -> {
              throw new IllegalStateException("planted");
            })
        .add("GET", "/fails-later", _ -> CompletableFuture.failedStage(new IOException("planted")))
        .add(
            "GET",
            "/waits",
            _ -> {
              never.await();
              return done(Response.text(200, "late"));
            })
        .add("GET", "/lines", _ -> done(Response.lines(this::lines)))
        .add("GET", "/breaks", _ -> done(Response.lines(HttpServerTest::breaks)))
        .add("GET", "/endless", _ -> done(Response.lines(this::endless)));
  }

  private static CompletableFuture<Response> done(Response response) {
    return CompletableFuture.completedFuture(response);
  }

  private void lines(Response.LineSink sink) throws IOException, InterruptedException {
    sink.line("one");
    // The second line is only written once the client has read the first: nothing is kept back.
    assertTrue(firstLineSeen.await(30, TimeUnit.SECONDS));
    sink.line("two é");
    sink.line("");
    sink.line("four");
  }

  private static void breaks(Response.LineSink sink) throws IOException, InterruptedException {
    sink.line("one");
    throw new IllegalStateException("planted");
  }

  private void endless(Response.LineSink sink) throws InterruptedException {
    try {
      while (true) {
        sink.line("x".repeat(10_000));
      }
    } catch (IOException e) {
      clientLeft.complete(!sink.isOpen());
    }
  }

  private Response.Whole call(String method, String target, byte[] body) throws IOException {
    return new ControlClient(socket).call(method, target, body, MOST);
  }

  @Test
  void answersOnTheSocketOfItsOwnerOnly() throws Exception {
    Response.Whole answer = call("GET", "/status", NOTHING);

    assertEquals(200, answer.status());
    assertEquals("application/json", answer.contentType());
    assertEquals("{}", answer.text());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
  }

  @Test
  void carriesRawBytesInTheQueryAndABody() throws Exception {
    byte[] name = {'a', (byte) 0xff, '&', '=', '%', ' ', '\n'};

    Response.Whole answer =
        call("POST", "/echo?path=" + Request.encode(name), new byte[HttpLimits.BODY_BYTES_MAX]);

    assertEquals(
        new String(name, StandardCharsets.ISO_8859_1) + "|" + HttpLimits.BODY_BYTES_MAX,
        new String(answer.body(), StandardCharsets.UTF_8));
  }

  @Test
  void takesTheLongestPathThereIs() throws Exception {
    byte[] name = new byte[65_536];

    Response.Whole answer = call("POST", "/echo?path=" + Request.encode(name), NOTHING);

    assertEquals(200, answer.status());
    assertEquals(65_536 + 2, answer.body().length);
  }

  @Test
  void refusesWhatIsTooLargeOrUnknown() throws Exception {
    assertThrows(
        IllegalArgumentException.class,
        () -> call("POST", "/echo", new byte[HttpLimits.BODY_BYTES_MAX + 1]));
    assertThrows(
        IllegalArgumentException.class, () -> call("GET", "/" + "x".repeat(300_000), NOTHING));
    assertEquals(404, call("GET", "/nothing", NOTHING).status());
    assertEquals(404, call("GET", "/status/", NOTHING).status());
    assertEquals(405, call("POST", "/status", NOTHING).status());
    assertEquals(400, call("POST", "/echo?path=%zz", NOTHING).status());
    int port = server.listen(Address.parse("127.0.0.1:0"), Set.of(), routes());
    assertEquals("413", statusOnTcp(port, "/echo", "Host: localhost\r\nContent-Length: 1048577"));
    assertEquals("400", statusOnTcp(port, "/" + "x".repeat(8_192), "Host: localhost"));
    assertEquals("400", statusOnTcp(port, "/", "X: " + "x".repeat(16_384)));
  }

  @Test
  void answers500WhenAHandlerFails() throws Exception {
    assertEquals(500, call("GET", "/fails", NOTHING).status());
    assertEquals(500, call("GET", "/fails-later", NOTHING).status());
    assertEquals(200, call("GET", "/status", NOTHING).status());
  }

  @Test
  void endsWhoeverAskedWhenItIsClosed() throws Exception {
    for (int round = 0; round < 100; round++) {
      CompletableFuture<Void> asked =
          CompletableFuture.runAsync(
              () -> assertThrows(IOException.class, () -> call("GET", "/waits", NOTHING)), workers);
      // Nobody waits until the call has come: each time it is somewhere else.
      server.close();
      asked.get(10, TimeUnit.SECONDS);
      server = new HttpServer(workers);
      server.listen(socket, routes());
    }
  }

  @Test
  void streamsLinesAsTheyCome() throws Exception {
    List<String> lines = new ArrayList<>();

    Response.Whole answer =
        new ControlClient(socket)
            .lines(
                "GET",
                "/lines",
                NOTHING,
                MOST,
                line -> {
                  lines.add(line);
                  firstLineSeen.countDown();
                });

    assertEquals(200, answer.status());
    assertEquals(List.of("one", "two é", "", "four"), lines);
  }

  @Test
  void tellsAnEndFromABreak() {
    List<String> lines = new ArrayList<>();

    assertThrows(
        IOException.class,
        () -> new ControlClient(socket).lines("GET", "/breaks", NOTHING, MOST, lines::add));

    assertEquals(List.of("one"), lines);
  }

  @Test
  void endsAStreamWhoseClientLeaves() throws Exception {
    assertThrows(
        IllegalStateException.class,
        () ->
            new ControlClient(socket)
                .lines(
                    "GET",
                    "/endless",
                    NOTHING,
                    MOST,
                    _ -> {
                      throw new IllegalStateException("the client has seen enough");
                    }));

    assertTrue(clientLeft.get(30, TimeUnit.SECONDS));
  }

  @Test
  void waitsNoLongerThanTheClientWants() {
    ControlClient client = new ControlClient(socket);

    IOException late =
        assertThrows(
            IOException.class, () -> client.call("GET", "/waits", NOTHING, Duration.ofMillis(100)));

    assertFalse(late instanceof NoDaemonException);
    assertTrue(String.valueOf(late.getMessage()).contains("did not answer"));
  }

  /** The time may be up while a call blocks, and before the first one or between two. */
  @Test
  void saysSoWheneverTheTimeIsUp() {
    ControlClient client = new ControlClient(socket);
    for (int i = 0; i < 200; i++) {
      Duration most = Duration.ofMillis(i % 2);

      IOException late =
          assertThrows(IOException.class, () -> client.call("GET", "/waits", NOTHING, most));

      assertTrue(String.valueOf(late.getMessage()).contains("did not answer"), late::toString);
    }
  }

  @Test
  void tellsThatNoDaemonRuns() {
    server.close();

    assertFalse(Files.exists(socket));
    assertThrows(NoDaemonException.class, () -> call("GET", "/status", NOTHING));
  }

  @Test
  void replacesTheSocketOfADaemonThatIsGone() throws Exception {
    Path stale = directory.resolve("stale.sock");
    ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    gone.bind(UnixDomainSocketAddress.of(stale));
    gone.close();
    assertTrue(Files.exists(stale));
    assertThrows(
        NoDaemonException.class,
        () -> new ControlClient(stale).call("GET", "/status", NOTHING, MOST));

    try (HttpServer next = new HttpServer(workers)) {
      next.listen(stale, routes());
      assertEquals(200, new ControlClient(stale).call("GET", "/status", NOTHING, MOST).status());
    }
  }

  @Test
  void leavesTheSocketOfADaemonThatAnswers() throws Exception {
    try (HttpServer second = new HttpServer(workers)) {
      ListenException refused =
          assertThrows(ListenException.class, () -> second.listen(socket, routes()));
      assertEquals(ListenException.Cause.PORT_IN_USE, refused.reason());
    }
    assertEquals(200, call("GET", "/status", NOTHING).status());
  }

  @Test
  void leavesAFileThatIsNoSocket() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    try (HttpServer second = new HttpServer(workers)) {
      assertThrows(ListenException.class, () -> second.listen(file, routes()));
    }
    assertEquals("precious", Files.readString(file));
  }

  @Test
  void refusesAPathThatTheKernelWouldCut() {
    Path deep = directory.resolve("x".repeat(100));
    try (HttpServer second = new HttpServer(workers)) {
      ListenException refused =
          assertThrows(ListenException.class, () -> second.listen(deep, routes()));
      assertTrue(String.valueOf(refused.getMessage()).contains("bytes long"));
    }
  }

  @Test
  void answersOnTcpToLiteralAndConfiguredHostsOnly() throws Exception {
    int port = server.listen(Address.parse("127.0.0.1:0"), Set.of("status.example.org"), routes());

    assertEquals("200", statusOnTcp(port, "Host: 127.0.0.1:" + port));
    assertEquals("200", statusOnTcp(port, "Host: [::1]:" + port));
    assertEquals("200", statusOnTcp(port, "Host: STATUS.example.org"));
    assertEquals("200", statusOnTcp(port, "Host: localhost"));
    assertEquals("421", statusOnTcp(port, "Host: evil.example.com"));
    assertEquals("421", statusOnTcp(port, "Host: 127.0.0.1.evil.example.com"));
    assertEquals("421", statusOnTcp(port, "X-Forwarded-Host: localhost"));
    assertEquals("421", statusOnTcp(port, "Host: localhost\r\nHost: evil.example.com"));
  }

  private static String statusOnTcp(int port, String headers) throws IOException {
    return statusOnTcp(port, "/status", headers);
  }

  private static String statusOnTcp(int port, String target, String headers) throws IOException {
    try (Socket client = new Socket("127.0.0.1", port)) {
      client.setSoTimeout(30_000);
      client
          .getOutputStream()
          .write(
              ("GET " + target + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
          .split(" ", 3)[1];
    }
  }

  @Test
  void answersManyRequestsOnOneConnection() throws Exception {
    int port = server.listen(Address.parse("127.0.0.1:0"), Set.of(), routes());
    byte[] request =
        "GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (Socket client = new Socket("127.0.0.1", port)) {
      client.setTcpNoDelay(true);
      client.setSoTimeout(30_000);
      // So many, because the next one may arrive at any moment after the answer's last octet.
      for (int i = 0; i < 5_000; i++) {
        client.getOutputStream().write(request);
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("{}")) {
          int octet = client.getInputStream().read();
          assertTrue(octet >= 0, "closed early, at request " + i);
          answer.append((char) octet);
        }
        assertTrue(answer.toString().startsWith("HTTP/1.1 200"));
      }
    }
  }

  @Test
  void saysThatThePortIsInUse() throws Exception {
    int port = server.listen(Address.parse("127.0.0.1:0"), Set.of(), routes());

    ListenException refused =
        assertThrows(
            ListenException.class,
            () -> server.listen(new Address("127.0.0.1", port), Set.of(), routes()));

    assertInstanceOf(ListenException.class, refused);
    assertEquals(ListenException.Cause.PORT_IN_USE, refused.reason());
  }
}
