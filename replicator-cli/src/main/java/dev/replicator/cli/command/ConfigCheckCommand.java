package dev.replicator.cli.command;

import dev.replicator.cli.config.ConfigError;
import dev.replicator.cli.config.ConfigReader;
import dev.replicator.cli.config.ConfigResult;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.daemon.LeftRoots;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Reads a configuration and tells all errors. */
@Command(
    name = "check",
    description = "Read a configuration and print every error as file:line: message.",
    footer = {
      "",
      "With FILE, only that file and the conf.d beside it count; a drop-in without [node] is"
          + " checked",
      "alone. Puppet: validate_cmd => '/usr/bin/replicator config check %%'.",
      "",
      "Examples:",
      "  replicator config check",
      "  replicator config check /tmp/new.toml",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:no errors", "2:wrong usage", "5:errors, all of them printed"})
final class ConfigCheckCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "Instead of the file of --config.")
  private @Nullable Path file;

  ConfigCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path checked = file == null ? config.file() : file;
    List<ConfigError> errors = ConfigReader.check(checked);
    errors.forEach(error -> console.note(Text.printable(error.toString())));
    if (!errors.isEmpty()) {
      return ExitCode.CONFIGURATION.number();
    }
    ConfigReader.notes(checked)
        .forEach(note -> console.note("note: " + Text.printable(note.toString())));
    if (ConfigReader.read(checked) instanceof ConfigResult.Loaded(Configuration found, var _)) {
      LeftRoots.of(found).forEach(left -> console.note("note: " + Text.printable(left)));
    }
    console.line(Text.printable(checked.toString()) + ": no errors");
    return ExitCode.DONE.number();
  }
}
