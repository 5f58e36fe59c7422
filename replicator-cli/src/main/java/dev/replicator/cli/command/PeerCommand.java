package dev.replicator.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands about peers. */
@Command(
    name = "peer",
    description = "Add, remove and list the nodes that this one trusts.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"2:wrong usage"})
final class PeerCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: add, remove or list");
  }
}
