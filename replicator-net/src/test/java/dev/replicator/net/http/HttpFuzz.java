package dev.replicator.net.http;

import dev.replicator.fuzz.Fuzzed;
import dev.replicator.fuzz.Fuzzer;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Whatever a client sends: a target is taken apart or refused, a connection is never broken. */
public final class HttpFuzz {
  private static final Routes ROUTES =
      new Routes()
          .add("GET", "/v1/status", HttpFuzz::answer)
          .add("POST", "/v1/wait", HttpFuzz::answer);

  private HttpFuzz() {}

  private static CompletableFuture<Response> answer(Request request) {
    return CompletableFuture.completedFuture(Response.text(200, request.query().keySet() + "\n"));
  }

  /** The first byte chooses the target alone, or a connection with or without a rule of hosts. */
  public static List<byte[]> seeds() {
    String get = "GET /v1/status?root=site&path=a%2Fb HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String post =
        "POST /v1/wait HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n0\r\n\r\n";
    return List.of(
        Fuzzer.seed(0, Fuzzer.seed("/v1/explain?root=site&path=caf%C3%A9%FF&x=")),
        Fuzzer.seed(1, Fuzzer.seed(get)),
        Fuzzer.seed(2, Fuzzer.seed(get + get)),
        Fuzzer.seed(2, Fuzzer.seed(post)),
        Fuzzer.seed(
            1,
            Fuzzer.seed(
                "POST /v1/wait HTTP/1.1\r\nContent-Length: 3\r\nHost: 10.0.0.1\r\n\r\nabc")));
  }

  /** Netty's classes take their time to be loaded, which is no input's fault. */
  public static void fuzzerInitialize() {
    seeds().forEach(HttpFuzz::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      Fuzzed.bounded(() -> read(Math.floorMod(input[0], 3), Fuzzer.rest(input)));
    }
  }

  private static void read(int kind, byte[] bytes) {
    switch (kind) {
      case 0 -> target(new String(bytes, StandardCharsets.ISO_8859_1));
      case 1 -> connection(Optional.empty(), bytes);
      default -> connection(Optional.of(new HostRule(Set.of("web1"))), bytes);
    }
  }

  private static void target(String text) {
    Request request;
    try {
      request = Request.of("GET", text, new byte[0]);
    } catch (IllegalArgumentException refused) {
      return;
    }
    for (Map.Entry<String, byte[]> parameter : request.query().entrySet()) {
      String written = request.path() + "?k=" + Request.encode(parameter.getValue());
      byte[] again = Request.of("GET", written, new byte[0]).octets("k").orElseThrow();
      Fuzzed.holds(Arrays.equals(parameter.getValue(), again), "a parameter became another");
    }
  }

  private static void connection(Optional<HostRule> hosts, byte[] bytes) {
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HttpLimits.REMOTE_LINE_BYTES_MAX)
            .setMaxHeaderSize(HttpLimits.HEADERS_BYTES_MAX);
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new HttpServerCodec(config),
            new HttpObjectAggregator(HttpLimits.BODY_BYTES_MAX, true),
            new Exchange(ROUTES, Runnable::run, hosts));
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    channel.runPendingTasks();
    channel.checkException();
    channel.finishAndReleaseAll();
  }
}
