package dev.replicator.bench;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long a daemon takes to take in a tree that it never saw, and then, started again, to compare
 * it with its journal.
 */
final class ScanBench {
  private static final long LIVE_NANOS_MAX = 3_600_000_000_000L;
  private static final long POLL_NANOS = 20_000_000;
  private static final long MIB = 1_024 * 1_024;
  private static final Pattern LIVE = Pattern.compile("live after (\\d+) ms");
  private static final Pattern SCANNED = Pattern.compile("(\\d+) entries compared in (\\d+) ms");

  private final ScanOptions options;
  private final Path home;
  private final Node node;

  private ScanBench(ScanOptions options, Path home, Node node) {
    this.options = options;
    this.home = home;
    this.node = node;
  }

  static void run(ScanOptions options) throws IOException {
    String launcher = System.getProperty("replicator.launcher", "./replicator");
    Path home =
        options.in().isPresent()
            ? Files.createDirectories(options.in().get()).toAbsolutePath()
            : Files.createTempDirectory("replicator-scan-");
    try {
      boolean known = Files.exists(home.resolve("a/state"));
      try (Node node = Node.at(launcher, "a", home.resolve("a"))) {
        Runtime.getRuntime().addShutdownHook(new Thread(node::close));
        new ScanBench(options, home, node).measure(known);
      }
    } finally {
      if (options.in().isEmpty()) {
        LagBench.delete(home);
      }
    }
  }

  private void measure(boolean known) throws IOException {
    if (!known) {
      UploadsTree.writeInto(node.root(), options.files(), options.sizeBytes(), options.seed());
    }
    System.out.print(ScanPhase.head());
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("bench", "scan");
    map.put("files", options.files());
    map.put("processors", Runtime.getRuntime().availableProcessors());
    // The first start after the index pays for what the index left in the journal's log.
    List<String> names = known ? List.of("again") : List.of("first index", "again", "once more");
    map.put("phases", names.stream().map(name -> phase(name).toMap()).toList());
    if (options.json().isPresent()) {
      String json = Jsonb.builder().build().type(Object.class).toJson(map);
      Files.writeString(options.json().get(), json + "\n");
    }
  }

  private ScanPhase phase(String name) {
    Path log = home.resolve("gc.log");
    try {
      Files.deleteIfExists(log);
      long began = System.nanoTime();
      node.start("-Xlog:gc:file=" + log);
      long ready = (System.nanoTime() - began) / 1_000_000;
      long process = node.process();
      long cpuBefore = ProcessFigures.cpu(process).toMillis();
      long live = millis(process, LIVE, 1);
      ScanPhase phase =
          new ScanPhase(
              name,
              ready,
              cpuBefore,
              live,
              millis(process, SCANNED, 1),
              millis(process, SCANNED, 2),
              ProcessFigures.cpu(process).toMillis() - cpuBefore,
              ProcessFigures.heap(log),
              ProcessFigures.residentPeakKib(process) / 1_024,
              ProcessFigures.residentKib(process) / 1_024,
              size(home.resolve("a/state")) / MIB);
      System.out.print(phase.row());
      return phase;
    } catch (IOException failure) {
      throw new BenchException(failure.toString());
    } finally {
      node.close();
    }
  }

  /** Waits for a line of the daemon's log. */
  private long millis(long process, Pattern line, int group) throws IOException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < LIVE_NANOS_MAX) {
      boolean alive = ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
      Optional<Matcher> found = node.find(line);
      if (found.isPresent()) {
        return Long.parseLong(found.get().group(group));
      }
      if (!alive) {
        throw new BenchException("the daemon ended: " + node.log());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw new BenchException("not live after an hour: " + node.log());
  }

  private static long size(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      return all.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()).sum();
    }
  }
}
