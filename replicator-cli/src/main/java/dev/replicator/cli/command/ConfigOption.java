package dev.replicator.cli.command;

import dev.replicator.cli.config.ConfigError;
import dev.replicator.cli.config.ConfigReader;
import dev.replicator.cli.config.ConfigResult;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The option that every command has. */
final class ConfigOption {
  static final String DEFAULT = "/etc/replicator/replicator.toml";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = DEFAULT,
      description =
          "Configuration file; conf.d/*.toml beside it is read too. Default: ${DEFAULT-VALUE}")
  private Path file = Path.of(DEFAULT);

  Path file() {
    return file;
  }

  /** The same text, with commands that work when they are pasted. */
  String hinting(String text) {
    return Hints.in(text, file);
  }

  /** The configuration, or all of its errors in one failure. */
  Configuration load() throws Failure {
    return load(note -> {});
  }

  /** The same; {@code notes} is given what is worth knowing. */
  Configuration load(java.util.function.Consumer<ConfigError> notes) throws Failure {
    return configuration(ConfigReader.read(file), notes);
  }

  /** To ask the running daemon, which tells itself what became of its roots. */
  Configuration loadToAsk() throws Failure {
    return configuration(ConfigReader.readToAsk(file), note -> {});
  }

  private static Configuration configuration(
      ConfigResult result, java.util.function.Consumer<ConfigError> notes) throws Failure {
    return switch (result) {
      case ConfigResult.Loaded(Configuration configuration, List<ConfigError> found) -> {
        found.forEach(notes);
        yield configuration;
      }
      case ConfigResult.Invalid(List<ConfigError> errors) ->
          throw new Failure(
              ExitCode.CONFIGURATION,
              errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
    };
  }

  /** The running daemon of that configuration. */
  DaemonClient daemon() throws Failure {
    return new DaemonClient(loadToAsk().node().socket());
  }
}
