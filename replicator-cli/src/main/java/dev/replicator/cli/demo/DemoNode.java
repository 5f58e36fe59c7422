package dev.replicator.cli.demo;

import dev.replicator.cli.config.ConfigReader;
import dev.replicator.cli.config.ConfigResult;
import dev.replicator.cli.config.ConfigWriter;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.HostPort;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.control.StatusJson;
import dev.replicator.cli.daemon.NodeIdentity;
import dev.replicator.cli.daemon.StateDirectory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One node of the demonstration: a directory, a configuration and a daemon of its own. */
final class DemoNode implements AutoCloseable {
  static final String ROOT = "wp-content";

  private static final String PRESET = "wordpress";
  private static final long STOP_SECONDS_MAX = 8;

  /** A process that makes a cache of what it loaded does so when it ends. */
  private static final long RECORDED_STOP_SECONDS_MAX = 180;

  private static final String CACHE_OPTION = "-XX:AOTCache";

  /**
   * It exercises what a change needs before it is ready. What the second compiler took is noted
   * with the profile that it was compiled by, so a later start does not run it slowly first to
   * learn that.
   */
  private static final List<String> TRAINING =
      List.of(
          "-Dreplicator.rehearsal=training",
          "-XX:Tier4InvocationThreshold=500",
          "-XX:Tier4MinInvocationThreshold=60",
          "-XX:Tier4CompileThreshold=1500",
          "-XX:Tier4BackEdgeThreshold=4000");

  private final String name;
  private final Path tree;
  private final Path config;
  private final Path log;
  private final Configuration configuration;
  private final Process process;
  private final long stopSecondsMax;

  private DemoNode(
      String name,
      Path tree,
      Path config,
      Path log,
      Configuration configuration,
      Process process,
      long stopSecondsMax) {
    this.name = name;
    this.tree = tree;
    this.config = config;
    this.log = log;
    this.configuration = configuration;
    this.process = process;
    this.stopSecondsMax = stopSecondsMax;
  }

  /** Starts a daemon below {@code directory}; returns once it serves. */
  static DemoNode start(Path directory, String name) throws Failure, IOException {
    return start(directory, name, List.of(), STOP_SECONDS_MAX);
  }

  /** One that writes what it loaded and compiled into {@code cache} when it is closed. */
  static DemoNode recorded(Path directory, String name, Path cache) throws Failure, IOException {
    List<String> options = new ArrayList<>(recording(cache));
    options.addAll(TRAINING);
    return start(directory, name, options, RECORDED_STOP_SECONDS_MAX);
  }

  private static List<String> recording(Path cache) {
    // What the JVM has to say about it does not belong before the word that is waited for.
    return List.of(CACHE_OPTION + "Output=" + cache, "-Xlog:disable", "-Xlog:all=error:stderr");
  }

  /** Asks for the status as a user does, and keeps in {@code cache} what the command loaded. */
  void recordStatus(Path cache) throws IOException, InterruptedException {
    Process asking =
        new ProcessBuilder(command(recording(cache), "status", config))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!asking.waitFor(RECORDED_STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
      asking.destroyForcibly();
    }
  }

  private static DemoNode start(
      Path directory, String name, List<String> options, long stopSecondsMax)
      throws Failure, IOException {
    Path tree = Files.createDirectories(directory.resolve(name));
    Path config = directory.resolve(name + ".toml");
    Path log = directory.resolve(name + ".log");
    ConfigWriter.create(
        config,
        ConfigWriter.text(
            new ConfigWriter.Draft(
                name,
                new HostPort("127.0.0.1", 0),
                directory.resolve(name + ".state"),
                Optional.empty(),
                List.of(new ConfigWriter.Root(ROOT, tree, Optional.of(PRESET))))));
    if (!(ConfigReader.read(config) instanceof ConfigResult.Loaded loaded)) {
      throw new Failure(
          ExitCode.CONFIGURATION, directory + " cannot be used: " + ConfigReader.check(config));
    }
    Configuration configuration = loaded.configuration();
    NodeIdentity.draw(StateDirectory.prepare(configuration.node().state()));
    Process process =
        new ProcessBuilder(command(options, "daemon", config)).redirectError(log.toFile()).start();
    DemoNode node = new DemoNode(name, tree, config, log, configuration, process, stopSecondsMax);
    node.awaitReady();
    return node;
  }

  /** The command line of this very process, with other words. */
  private static List<String> command(List<String> options, String name, Path config) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> options.isEmpty() || !argument.startsWith(CACHE_OPTION))
        .forEach(command::add);
    command.addAll(options);
    // Ctrl-C reaches all processes of a terminal; this one decides when the daemons end.
    command.add("-Dreplicator.interrupt=ignore");
    command.add("-cp");
    command.add(System.getProperty("java.class.path", ""));
    command.add("dev.replicator.cli.Main");
    command.addAll(List.of(name, "--config", config.toString()));
    return command;
  }

  private void awaitReady() throws Failure, IOException {
    BufferedReader output = process.inputReader();
    String line = output.readLine();
    if (!"ready".equals(line)) {
      close();
      String reason = Files.readString(log).strip();
      throw new Failure(ExitCode.NOT_MET, "the daemon of " + name + " did not start: " + reason);
    }
  }

  String name() {
    return name;
  }

  Path tree() {
    return tree;
  }

  Path config() {
    return config;
  }

  Configuration configuration() {
    return configuration;
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  DaemonClient client() {
    return new DaemonClient(configuration.node().socket());
  }

  StatusJson status() throws Failure {
    return ControlJson.read(StatusJson.class, client().get("/v1/status", Map.of()));
  }

  /** Ends the daemon cleanly, and by force when it takes too long. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(stopSecondsMax, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
