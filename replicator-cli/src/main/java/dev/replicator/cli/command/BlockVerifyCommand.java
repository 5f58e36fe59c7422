package dev.replicator.cli.command;

import dev.replicator.block.BlockRun;
import dev.replicator.block.Goal;
import dev.replicator.block.Permits;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compare both disks block by block, while they are in use. */
@Command(
    name = "verify",
    description = "Compare both disks block by block, while they are in use.",
    footer = {
      "",
      "Blocks that differ stay marked and fail the health of the root until `block resolve`.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:both disks hold the same",
      "1:they differ, or cannot be compared",
      "2:wrong usage",
      "4:the peer, or what only it can do, did not come in time",
      "5:configuration"
    })
final class BlockVerifyCommand implements Callable<Integer> {
  private final Console console;
  private final BlockMachine machine;
  @Mixin private BlockTarget target = new BlockTarget();

  BlockVerifyCommand(Console console, BlockMachine machine) {
    this.console = console;
    this.machine = machine;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    BlockTarget.Found found = target.find(machine);
    BlockRun run = found.run(machine, Goal.Verified.FRESH, Permits.NONE);
    return BlockTarget.run(found, run, machine, console).number();
  }
}
