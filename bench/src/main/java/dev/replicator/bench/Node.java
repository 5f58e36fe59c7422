package dev.replicator.bench;

import io.avaje.json.JsonDataException;
import io.avaje.jsonb.Jsonb;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One node as its administrator drives it: by commands and a process, never from inside. */
public final class Node implements AutoCloseable {
  public static final String ROOT = "wp-content";

  private static final Jsonb JSON = Jsonb.builder().build();
  private static final int STOP_SECONDS = 10;
  private static final int PORT_FIRST = 10_000;

  /** Where Linux begins to give ports to outgoing connections, unless configured. */
  private static final int PORT_END = 32_768;

  private static final int PORT_ATTEMPTS_MAX = 1_000;

  private final String launcher;
  private final String name;
  private final Path home;
  private Process daemon;

  private Node(String launcher, String name, Path home, Process daemon) {
    this.launcher = launcher;
    this.name = name;
    this.home = home;
    this.daemon = daemon;
  }

  /** A node that an earlier run configured below {@code home}; a new one when there is none. */
  public static Node at(String launcher, String name, Path home) throws IOException {
    return Files.exists(home.resolve("replicator.toml"))
        ? new Node(launcher, name, home, new ProcessBuilder("true").start())
        : create(launcher, name, home);
  }

  /** Configures a node below {@code home} that listens on a free port of the loopback address. */
  static Node create(String launcher, String name, Path home) throws IOException {
    Files.createDirectories(home.resolve("root"));
    Node node = new Node(launcher, name, home, new ProcessBuilder("true").start());
    node.command(
        "init",
        "--name",
        name,
        "--listen",
        "127.0.0.1:" + freePort(),
        "--state",
        home.resolve("state").toString(),
        "--root",
        ROOT + "=" + node.root());
    return node;
  }

  /** Not one that the system would give to somebody's outgoing connection meanwhile. */
  public static int freePort() throws IOException {
    for (int attempt = 0; attempt < PORT_ATTEMPTS_MAX; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(PORT_FIRST, PORT_END);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        // The next one.
      }
    }
    throw new IOException("no free port between " + PORT_FIRST + " and " + PORT_END);
  }

  String name() {
    return name;
  }

  Path root() {
    return home.resolve("root");
  }

  private String config() {
    return home.resolve("replicator.toml").toString();
  }

  /** Starts the daemon and returns once it serves. */
  public void start() throws IOException {
    start("");
  }

  /** The same with further options for its JVM. */
  void start(String javaOptions) throws IOException {
    List<String> words = List.of(launcher, "daemon", "--config", config());
    ProcessBuilder builder = new ProcessBuilder(words).redirectError(logFile().toFile());
    builder.environment().merge("REPLICATOR_JAVA_OPTS", javaOptions, (a, b) -> a + " " + b);
    daemon = builder.start();
    BufferedReader lines = daemon.inputReader(StandardCharsets.UTF_8);
    String line = lines.readLine();
    while (line != null && !line.strip().equals("ready")) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new BenchException("node " + name + " did not start: " + log());
    }
    Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
  }

  /** Runs a command of this node to its end; its output, when it ended with 0. */
  public String command(String verb, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of(launcher, verb, "--config", config()));
    words.addAll(List.of(more));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
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
    }
  }

  /** {@code status --json}: objects are maps, arrays are lists. */
  public Map<String, Object> status() throws IOException {
    String text = command("status", "--json");
    try {
      return JSON.type(Object.class).map().fromJson(text);
    } catch (JsonDataException wrong) {
      throw new BenchException("status of " + name + " is no JSON: " + text);
    }
  }

  /** Of the daemon that was started last. */
  public long process() {
    return daemon.pid();
  }

  private Path logFile() {
    return home.resolve("daemon.log");
  }

  /** The first place in the daemon's log that {@code pattern} matches. */
  Optional<Matcher> find(Pattern pattern) throws IOException {
    return Optional.of(pattern.matcher(Files.readString(logFile()))).filter(Matcher::find);
  }

  public String log() throws IOException {
    List<String> lines = Files.readAllLines(logFile());
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  @Override
  public void close() {
    daemon.destroy();
    try {
      if (!daemon.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        daemon.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      daemon.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
