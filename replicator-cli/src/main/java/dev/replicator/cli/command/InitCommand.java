package dev.replicator.cli.command;

import dev.replicator.cli.config.ConfigError;
import dev.replicator.cli.config.ConfigReader;
import dev.replicator.cli.config.ConfigWriter;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.HostPort;
import dev.replicator.cli.config.NodeConfig;
import dev.replicator.cli.config.PeerConfig;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.daemon.NodeIdentity;
import dev.replicator.cli.daemon.StateDirectory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.net.identity.KeyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the first configuration, the state directory and the key. */
@Command(
    name = "init",
    description = "Write a configuration and create the state directory and this node's key.",
    footer = {
      "",
      "Running it again with the same values changes nothing. A configuration that exists is never",
      "changed: with other values the command is refused and names them. Where it was written by",
      "hand or by a tool, init without values creates what belongs to it, and the key above all:",
      "the daemon draws none, for a state directory without a key may be one that is not mounted.",
      "",
      "Examples:",
      "  replicator init --name web1 --root wp-content=/var/www/html/wp-content --preset wordpress",
      "  replicator init --config /etc/replicator/replicator.toml",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, or everything was there already",
      "2:wrong usage",
      "5:the values make no valid configuration",
      "6:the configuration exists and says otherwise, or the state directory cannot be used"
    })
final class InitCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(names = "--name", paramLabel = "NAME", description = "This node's name.")
  private String name = "";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "0.0.0.0:7411",
      description = "Where peers connect. Default: ${DEFAULT-VALUE}")
  private String listen = "";

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "/var/lib/replicator",
      description = "State directory, mode 0700. Default: ${DEFAULT-VALUE}")
  private Path state = NodeConfig.STATE_DEFAULT;

  @Option(
      names = "--root",
      paramLabel = "NAME=PATH",
      description = "A directory to replicate; may be given several times.")
  private List<String> roots = new ArrayList<>();

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "Serve health and metrics there.")
  private @Nullable String http;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Filter rules for all these roots: wordpress.")
  private @Nullable String preset;

  InitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException {
    Path file = config.file().toAbsolutePath().normalize();
    boolean created = !Files.exists(file);
    if (created && (name.isEmpty() || roots.isEmpty())) {
      throw new Failure(
          ExitCode.USAGE, file + " does not exist: --name and --root say what it is to hold");
    }
    boolean asWritten = name.isEmpty() && roots.isEmpty();
    if (created) {
      ConfigWriter.Draft draft = draft();
      validate(draft);
      created = ConfigWriter.create(file, ConfigWriter.text(draft));
    }
    Configuration configuration = config.load(this::note);
    if (!asWritten) {
      refuseDifferences(file, draft(), configuration);
    }
    StateDirectory directory = StateDirectory.prepare(configuration.node().state());
    String key = KeyText.print(NodeIdentity.draw(directory));
    console.line((created ? "wrote " : "unchanged: ") + Text.printable(file.toString()));
    console.line("node " + configuration.node().name() + " has key " + key);
    for (RootConfig root : configuration.roots()) {
      hint(root);
    }
    return ExitCode.DONE.number();
  }

  private void note(ConfigError note) {
    console.note("note: " + Text.printable(note.toString()));
  }

  private void hint(RootConfig root) {
    boolean wordpress =
        root.preset().isEmpty()
            && Files.isDirectory(root.path().resolve("plugins"))
            && Files.isDirectory(root.path().resolve("themes"));
    if (wordpress) {
      console.note(
          "note: root "
              + root.name()
              + " looks like a wp-content directory; preset = \"wordpress\" keeps caches and logs"
              + " local");
    }
  }

  private ConfigWriter.Draft draft() throws Failure {
    List<ConfigWriter.Root> parsed = new ArrayList<>();
    for (String root : roots) {
      int equals = root.indexOf('=');
      if (equals < 1 || equals == root.length() - 1) {
        throw new Failure(ExitCode.USAGE, "--root " + Text.printable(root) + ": write NAME=PATH");
      }
      String option = "--root " + Text.printable(root);
      if (root.chars().anyMatch(Character::isISOControl)) {
        throw new Failure(ExitCode.USAGE, option + ": a path must not hold control characters");
      }
      parsed.add(
          new ConfigWriter.Root(
              Options.parsed(option, root.substring(0, equals), PeerConfig::checkedName),
              Path.of(root.substring(equals + 1)).toAbsolutePath().normalize(),
              Optional.ofNullable(preset)));
    }
    HostPort address = Options.parsed("--listen", listen, text -> HostPort.parse(text, 0));
    Optional<HostPort> health =
        http == null
            ? Optional.empty()
            : Optional.of(Options.parsed("--http", http, text -> HostPort.parse(text, 0)));
    return new ConfigWriter.Draft(
        name, address, state.toAbsolutePath().normalize(), health, parsed);
  }

  /** Reads the text as it will be read later, before anything is written where it counts. */
  private static void validate(ConfigWriter.Draft draft) throws Failure, IOException {
    Path directory = Files.createTempDirectory("replicator-init");
    Path trial = directory.resolve("replicator.toml");
    try {
      Files.writeString(trial, ConfigWriter.text(draft));
      List<ConfigError> errors = ConfigReader.check(trial);
      if (!errors.isEmpty()) {
        String messages =
            String.join("\n", errors.stream().map(ConfigError::message).distinct().toList());
        throw new Failure(ExitCode.CONFIGURATION, messages);
      }
    } finally {
      Files.deleteIfExists(trial);
      Files.delete(directory);
    }
  }

  private static void refuseDifferences(
      Path file, ConfigWriter.Draft draft, Configuration configuration) throws Failure {
    List<String> differences = new ArrayList<>();
    NodeConfig node = configuration.node();
    compare("name", node.name(), draft.name(), differences);
    compare("listen", node.listen(), draft.listen(), differences);
    compare("state", node.state(), draft.state(), differences);
    if (draft.http().isPresent()) {
      compare("http", node.http(), draft.http(), differences);
    }
    for (ConfigWriter.Root root : draft.roots()) {
      Optional<RootConfig> there = configuration.root(root.name());
      if (there.isEmpty()) {
        differences.add("root " + root.name() + " is not in it");
      } else {
        compare("path of root " + root.name(), there.get().given(), root.path(), differences);
        if (root.preset().isPresent()) {
          String what = "preset of root " + root.name();
          compare(what, there.get().preset(), root.preset(), differences);
        }
      }
    }
    if (!differences.isEmpty()) {
      throw new Failure(
          ExitCode.REFUSED,
          file
              + " exists and is not changed: "
              + String.join("; ", differences)
              + "; edit it or remove it first");
    }
  }

  private static void compare(String what, Object there, Object asked, List<String> differences) {
    if (!there.equals(asked)) {
      differences.add(what + " is " + plain(there) + ", not " + plain(asked));
    }
  }

  private static String plain(Object value) {
    return value instanceof Optional<?> optional
        ? optional.map(Object::toString).orElse("not set")
        : value.toString();
  }
}
