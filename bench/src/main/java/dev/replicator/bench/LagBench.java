package dev.replicator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How long a closed file takes to show on the other node: two daemons on loopback, one file after
 * the other at a fixed rate, first from a to b, then back.
 */
final class LagBench {
  private static final long LIVE_NANOS = 60_000_000_000L;
  private static final long POLL_NANOS = 200_000_000;

  private final LagOptions options;
  private final Node a;
  private final Node b;

  private LagBench(LagOptions options, Node a, Node b) {
    this.options = options;
    this.a = a;
    this.b = b;
  }

  /** Whether the trees were equal at the end. */
  static boolean run(LagOptions options) throws IOException {
    String launcher = System.getProperty("replicator.launcher", "./replicator");
    Path home = Files.createTempDirectory("replicator-lag-");
    try (Node a = Node.create(launcher, "a", home.resolve("a"));
        Node b = Node.create(launcher, "b", home.resolve("b"))) {
      Thread ending = new Thread(() -> closeAll(a, b));
      Runtime.getRuntime().addShutdownHook(ending);
      LagReport report = new LagBench(options, a, b).measure(home);
      System.out.print(report.text());
      if (options.json().isPresent()) {
        Files.writeString(options.json().get(), report.json());
      }
      return report.differences().isEmpty();
    } finally {
      if (options.keep()) {
        System.out.println("kept: " + home);
      } else {
        delete(home);
      }
    }
  }

  private LagReport measure(Path home) throws IOException {
    join();
    Figures pollFloor = Probe.floor(home.resolve("absent"));
    Figures copyLoop = CopyLoop.measure(home, options);
    Direction.warmUp(a, b, options);
    Direction.warmUp(b, a, options);
    List<Direction> directions = new ArrayList<>();
    directions.add(Direction.measure(a, b, options));
    directions.add(Direction.measure(b, a, options));
    a.command("wait", "--timeout", "30s");
    b.command("wait", "--timeout", "30s");
    Map<String, Map<String, Figures>> steps = new LinkedHashMap<>();
    steps.put("a", steps(a));
    steps.put("b", steps(b));
    return new LagReport(
        options,
        watcher(a),
        pollFloor,
        copyLoop,
        directions,
        steps,
        Trees.differences(a.root(), b.root()));
  }

  private void join() throws IOException {
    a.start();
    String token = a.command("invite");
    b.command("join", token);
    b.start();
    long began = System.nanoTime();
    while (!isLive(a) || !isLive(b)) {
      if (System.nanoTime() - began > LIVE_NANOS) {
        throw new BenchException("the nodes are not live and joined after 60 s: " + a.status());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static boolean isLive(Node node) throws IOException {
    Json status = Json.of(node.status());
    List<Json> peers = status.at("peers").items();
    return status.at("roots").items().stream().allMatch(r -> r.at("state").text().equals("live"))
        && !peers.isEmpty()
        && peers.stream().allMatch(peer -> peer.at("connected").isTrue());
  }

  private static String watcher(Node node) throws IOException {
    return Json.of(node.status()).at("roots").items().getFirst().at("watcher").text();
  }

  private static Map<String, Figures> steps(Node node) throws IOException {
    Json status = Json.of(node.status());
    Json steps = status.at("roots").items().getFirst().at("steps");
    Map<String, Figures> figures = new LinkedHashMap<>();
    // Clocks of two processes tell no single way: half a round trip of the keep-alive does.
    long oneWay = status.at("peers").items().getFirst().at("rttMicros").number() / 2;
    figures.put("wire", new Figures(1, oneWay, oneWay, oneWay, oneWay));
    for (String name : steps.keys()) {
      Json step = steps.at(name);
      figures.put(
          name,
          new Figures(
              step.at("count").number(),
              step.at("p50").number(),
              step.at("p95").number(),
              step.at("p99").number(),
              step.at("max").number()));
    }
    return figures;
  }

  private static void closeAll(Node a, Node b) {
    a.close();
    b.close();
  }

  static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
