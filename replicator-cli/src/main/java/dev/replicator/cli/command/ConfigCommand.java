package dev.replicator.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands about the configuration. */
@Command(
    name = "config",
    description = "Check the configuration.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"2:wrong usage"})
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: check");
  }
}
