package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.cli.cluster.Program.Ended;
import dev.replicator.cli.control.ConflictJson;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.ExplainJson;
import dev.replicator.cli.control.HistoryJson;
import dev.replicator.cli.control.StatusJson;
import dev.replicator.cli.control.VersionJson;
import dev.replicator.cli.exit.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One node: its configuration, its tree and, while it runs, its process. */
final class TestNode implements AutoCloseable {
  static final String ROOT = "site";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LOG_LINES = 40;

  private final String name;
  private final Path home;
  private final Path root;
  private final String address;
  private Optional<Process> daemon = Optional.empty();

  private TestNode(String name, Path home, Path root, String address) {
    this.name = name;
    this.home = home;
    this.root = root;
    this.address = address;
  }

  /** Configures a node with one root, which may hold something already. */
  static TestNode init(Path directory, String name, String... more) throws IOException {
    return initAt(directory, name, directory.resolve(name).resolve("root"), more);
  }

  static TestNode initAt(Path directory, String name, Path root, String... more)
      throws IOException {
    return init(directory, name, root, "127.0.0.1:" + Ports.reserve(), more);
  }

  /** Configures one that listens elsewhere than on loopback. */
  static TestNode initListening(Path directory, String name, String address) throws IOException {
    return init(directory, name, directory.resolve(name).resolve("root"), address);
  }

  private static TestNode init(
      Path directory, String name, Path root, String address, String... more) throws IOException {
    Path home = Files.createDirectories(directory.resolve(name));
    Files.createDirectories(root);
    Files.createDirectories(home.resolve("tmp"));
    TestNode node = new TestNode(name, home, root, address);
    List<String> words =
        new ArrayList<>(
            List.of(
                "--name",
                name,
                "--listen",
                node.address(),
                "--state",
                home.resolve("state").toString(),
                "--root",
                ROOT + "=" + root));
    words.addAll(List.of(more));
    node.succeed("init", words.toArray(String[]::new));
    return node;
  }

  /** This node on a machine that was copied while it was off, with another address. */
  TestNode copied(Path directory) throws IOException {
    Path there = directory.resolve(name);
    Program.shell(directory, "cp -a '" + home + "' '" + there + "'");
    TestNode copy =
        new TestNode(name, there, there.resolve("root"), "127.0.0.1:" + Ports.reserve());
    String config = Files.readString(copy.config());
    Files.writeString(
        copy.config(),
        config.replace(home.toString(), there.toString()).replace(address, copy.address));
    return copy;
  }

  String name() {
    return name;
  }

  Path root() {
    return root;
  }

  Path path(String below) {
    return root.resolve(below);
  }

  Path home() {
    return home;
  }

  Path config() {
    return home.resolve("replicator.toml");
  }

  Path state() {
    return home.resolve("state");
  }

  String address() {
    return address;
  }

  /** Starts the daemon; returns once it says ready. */
  void start() throws IOException {
    start(Program.replicator(home.resolve("tmp"), daemonArguments()));
  }

  /** Starts it with options of Java. */
  void startWith(String... options) throws IOException {
    start(Program.replicator(home.resolve("tmp"), List.of(options), daemonArguments()));
  }

  /** Starts it as somebody who has no rights, with options of Java. */
  void startAsNobody(String... options) throws IOException {
    Path classes = Files.createDirectories(home.resolve("classes"));
    start(Program.asNobody(classes, home.resolve("tmp"), List.of(options), daemonArguments()));
  }

  /** Starts it with the rights that {@code unit} gives, able to write to its own home only. */
  void startSandboxed(Unit unit) throws IOException {
    start(
        Program.sandboxed(unit, home, Program.replicator(home.resolve("tmp"), daemonArguments())));
  }

  /** Starts it with more variables in its environment. */
  void startIn(Map<String, String> environment) throws IOException {
    start(Program.replicator(home.resolve("tmp"), daemonArguments()), environment);
  }

  /** Starts it by another command, which ends by running what is behind it. */
  void startUnder(List<String> command) throws IOException {
    List<String> words = new ArrayList<>(command);
    words.addAll(Program.replicator(home.resolve("tmp"), daemonArguments()));
    start(words);
  }

  private void start(List<String> words) throws IOException {
    start(words, Map.of());
  }

  private void start(List<String> words, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        Program.builder(words)
            .redirectError(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    daemon = Optional.of(process);
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    String line = lines.readLine();
    while (line != null && !line.strip().equals("ready")) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new AssertionError(name + " did not start\n" + log());
    }
    Thread.ofVirtual().start(() -> drain(lines));
  }

  private static void drain(BufferedReader lines) {
    try {
      while (lines.readLine() != null) {
        // Nothing more is expected; an unread pipe would stop the daemon once it is full.
      }
    } catch (IOException _) {
      // The daemon is gone.
    }
  }

  List<String> daemonArguments() {
    return List.of("daemon", "--config", config().toString());
  }

  long pid() {
    return daemon.orElseThrow().pid();
  }

  boolean isRunning() {
    return daemon.filter(Process::isAlive).isPresent();
  }

  /** As kill -9. */
  void kill() {
    end(daemon.orElseThrow().destroyForcibly());
  }

  /** As systemctl stop. */
  void terminate() {
    Process process = daemon.orElseThrow();
    process.destroy();
    end(process);
  }

  private void end(Process process) {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(name + " does not end\n" + log());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
    daemon = Optional.empty();
  }

  /** Runs a command of this node as a process. {@code verb} may be several words. */
  Ended run(String verb, String... more) throws IOException {
    return runUnder(List.of(), verb, more);
  }

  /** Runs it by another command, which ends by running what is behind it. */
  Ended runUnder(List<String> command, String verb, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of(verb.split(" ")));
    words.addAll(List.of("--config", config().toString()));
    words.addAll(List.of(more));
    List<String> all = new ArrayList<>(command);
    all.addAll(Program.replicator(home.resolve("tmp"), words));
    return Program.run(all);
  }

  /** The output of a command that must end with 0. */
  String succeed(String verb, String... more) throws IOException {
    Ended ended = run(verb, more);
    assertEquals(0, ended.code(), () -> verb + ": " + ended + log());
    return ended.out().strip();
  }

  private DaemonClient control() {
    return new DaemonClient(state().resolve("control.sock"));
  }

  StatusJson status() {
    return ControlJson.read(StatusJson.class, get("/v1/status", Map.of()));
  }

  StatusJson.Root rootStatus() {
    return status().roots().getFirst();
  }

  List<ConflictJson> conflicts() {
    return ControlJson.readList(ConflictJson.class, get("/v1/conflicts", Map.of()));
  }

  /** What a first look found and what was written hides, which is listed apart. */
  List<ConflictJson> adoptedLosers() {
    Map<String, byte[]> adopted = Map.of("adopted", "true".getBytes(StandardCharsets.UTF_8));
    return ControlJson.readList(ConflictJson.class, get("/v1/conflicts", adopted));
  }

  /** Chooses what shows at a path of the list. */
  void resolveShown(ConflictJson conflict) {
    Map<String, byte[]> parameters = new TreeMap<>(where(conflict.path()));
    String printed =
        conflict.versions().stream().map(VersionJson::version).collect(Collectors.joining(","));
    String shown = conflict.versions().getFirst().version();
    parameters.put("version", shown.getBytes(StandardCharsets.UTF_8));
    parameters.put("printed", printed.getBytes(StandardCharsets.UTF_8));
    post("/v1/resolve", parameters);
  }

  ExplainJson explain(String path) {
    return ControlJson.read(ExplainJson.class, get("/v1/explain", where(path)));
  }

  HistoryJson history(String path) {
    return ControlJson.read(HistoryJson.class, get("/v1/history", where(path)));
  }

  private static Map<String, byte[]> where(String path) {
    return Map.of(
        "root",
        ROOT.getBytes(StandardCharsets.UTF_8),
        "path",
        path.getBytes(StandardCharsets.UTF_8));
  }

  String get(String route, Map<String, byte[]> parameters) {
    try {
      return control().get(route, parameters);
    } catch (Failure failure) {
      throw new AssertionError(name + " " + route + ": " + failure.getMessage() + "\n" + log());
    }
  }

  String post(String route) {
    return post(route, Map.of());
  }

  private String post(String route, Map<String, byte[]> parameters) {
    try {
      return control().post(route, parameters);
    } catch (Failure failure) {
      throw new AssertionError(name + " " + route + ": " + failure.getMessage() + "\n" + log());
    }
  }

  /** Returns once everything written here before shows on {@code peers} ("all" or a number). */
  void awaitShownBy(String peers) {
    String answer = askShownBy(peers);
    if (!answer.contains("\"outcome\":\"done\"")) {
      throw new AssertionError(name + " wait: " + answer + "\n" + describe());
    }
  }

  /** The last answer of a wait: whether it was done, and for which peer it was not. */
  String askShownBy(String peers) {
    List<String> answers = new ArrayList<>();
    Map<String, byte[]> parameters =
        Map.of(
            "peers", peers.getBytes(StandardCharsets.UTF_8),
            "timeout", Long.toString(PATIENCE.toMillis()).getBytes(StandardCharsets.UTF_8));
    try {
      control().lines("/v1/wait", parameters, PATIENCE.multipliedBy(2), answers::add);
    } catch (Failure failure) {
      throw new AssertionError(name + " wait: " + failure.getMessage() + "\n" + describe());
    }
    return answers.isEmpty() ? "no answer" : answers.getLast();
  }

  /** Returns once the root is live and {@code peers} are connected and merged. */
  void awaitLive(int peers) {
    Deadline.in(PATIENCE)
        .await(
            name + " is live with " + peers + " peers",
            () -> {
              StatusJson.Root now = rootStatus();
              return now.state().equals("live")
                  && now.peers().stream().filter(peer -> peer.connected() && peer.merged()).count()
                      >= peers;
            },
            () -> describe());
  }

  /** What a person would look at. */
  String describe() {
    return name + ": " + (isRunning() ? get("/v1/status", Map.of()) : "not running") + "\n" + log();
  }

  private String ending() {
    return daemon.map(process -> "ended with " + process.exitValue()).orElse("stopped by the test");
  }

  String log() {
    try {
      Path file = home.resolve("log");
      if (!Files.exists(file)) {
        return "";
      }
      List<String> lines =
          new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
      int from = Math.max(0, lines.size() - LOG_LINES);
      return "log of " + name + ":\n" + String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException broken) {
      return "cannot read the log of " + name + ": " + broken;
    }
  }

  @Override
  public void close() {
    if (isRunning()) {
      kill();
    }
  }
}
