package dev.replicator.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands about versions that do not show. */
@Command(
    name = "conflicts",
    description = "List, show and resolve paths that were changed on two nodes at once.",
    footer = {
      "",
      "Every node shows the same version; the others are kept until somebody resolves.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"2:wrong usage"})
final class ConflictsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: list, show or resolve");
  }
}
