package dev.replicator.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands about roots that DRBD and OCFS2 keep. */
@Command(
    name = "block",
    description = "Bring up, watch and repair roots with driver = \"drbd-ocfs2\".",
    footer = {"", "Each works on this machine only: run it on both nodes. See docs/BLOCK.md."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"2:wrong usage"})
final class BlockCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: plan, up, status, verify, resolve or down");
  }
}
