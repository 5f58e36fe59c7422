package dev.replicator.cli;

import dev.replicator.cli.config.ConfigError;
import dev.replicator.cli.config.ConfigReader;
import dev.replicator.cli.config.ConfigResult;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.daemon.NodeIdentity;
import dev.replicator.cli.daemon.StateDirectory;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A temporary directory with a configuration of one node, and what commands print. */
public final class Workplace {
  public final Path directory;
  public final String name;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  public final Console console =
      new Console(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8),
          false);

  /** A node called {@code name} with the root {@code site}. */
  public Workplace(Path temporary, String name) {
    this.name = name;
    try {
      directory = temporary.toRealPath().resolve(name);
      Files.createDirectories(tree());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    writeConfig("");
  }

  /** The same, set up as by {@code init}. */
  public Workplace drawn() {
    try {
      NodeIdentity.draw(StateDirectory.prepare(state()));
      return this;
    } catch (Failure refused) {
      throw new IllegalStateException(refused);
    }
  }

  public Path tree() {
    return directory.resolve("tree");
  }

  public Path config() {
    return directory.resolve("replicator.toml");
  }

  public Path state() {
    return directory.resolve("state");
  }

  /** The configuration as it is now, which must be valid. */
  public Configuration configuration() {
    return switch (ConfigReader.read(config())) {
      case ConfigResult.Loaded(Configuration configuration, List<ConfigError> _) -> configuration;
      case ConfigResult.Invalid(List<ConfigError> errors) ->
          throw new IllegalStateException(errors.toString());
    };
  }

  /** Writes the configuration again, with {@code more} at its end. */
  public void writeConfig(String more) {
    write(
        config(),
        """
        [node]
        name = "%s"
        listen = "127.0.0.1:0"
        state = "%s"
        [[root]]
        name = "site"
        path = "%s"
        %s\
        """
            .formatted(name, state(), tree(), more));
  }

  public static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What was printed to standard output since the last call. */
  public String out() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }

  /** What was printed to standard error since the last call. */
  public String err() {
    String text = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return text;
  }
}
