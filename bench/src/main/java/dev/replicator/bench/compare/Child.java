package dev.replicator.bench.compare;

import dev.replicator.bench.BenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A process that was started here and ends with us. */
final class Child implements AutoCloseable {
  private static final int STOP_SECONDS = 10;
  private static final long START_NANOS_MAX = 20_000_000_000L;
  private static final long POLL_NANOS = 5_000_000;
  private static final int LOG_LINES_MAX = 5;
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  private final String name;
  private final Process process;
  private final Path log;

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Starts {@code words}; all that it prints goes into {@code log}. */
  static Child start(Path log, Map<String, String> environment, List<String> words)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    RUNNING.add(process);
    return new Child(words.getFirst(), process, log);
  }

  /** Runs {@code words} to their end, which must be a good one; what they print. */
  static String run(List<String> words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    RUNNING.add(process);
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new BenchException(
            "%s ended with %d: %s".formatted(String.join(" ", words), code, output.strip()));
      }
      return output.strip();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted");
    } finally {
      RUNNING.remove(process);
    }
  }

  /** Ends all that still run. */
  static void endAll() {
    RUNNING.forEach(Process::destroy);
  }

  long process() {
    return process.pid();
  }

  /** Returns once somebody listens at {@code port}. */
  void awaitListening(int port) throws IOException {
    long deadline = System.nanoTime() + START_NANOS_MAX;
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (ConnectException notYet) {
        requireAlive();
        if (System.nanoTime() > deadline) {
          throw new BenchException("%s does not listen at %d: %s".formatted(name, port, log()));
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /** Fails when it ended by itself. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new BenchException("%s ended with %d: %s".formatted(name, process.exitValue(), log()));
    }
  }

  /** The end of what it printed. */
  private String log() {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      List<String> all = lines.toList();
      return String.join(" | ", all.subList(Math.max(0, all.size() - LOG_LINES_MAX), all.size()));
    } catch (IOException | UncheckedIOException unreadable) {
      return "its log cannot be read: " + unreadable;
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    below.forEach(ProcessHandle::destroy);
    RUNNING.remove(process);
  }
}
