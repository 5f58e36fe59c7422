package dev.replicator.cli.command;

import dev.replicator.block.BlockRun;
import dev.replicator.block.Goal;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Bring the root up, from whatever state it is in. */
@Command(
    name = "up",
    description = "Bring the root up, from whatever state it is in.",
    footer = {
      "",
      "Run it on both nodes. Nothing is destroyed that was not named with --yes-destroy.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:mounted here",
      "1:it stopped: a person has to decide, or a tool failed; the last line says what",
      "2:wrong usage",
      "4:the peer, or what only it can do, did not come in time",
      "5:configuration",
      "6:another process works on the root"
    })
final class BlockUpCommand implements Callable<Integer> {
  private final Console console;
  private final BlockMachine machine;
  @Mixin private BlockTarget target = new BlockTarget();
  @Mixin private BlockPermits allowed = new BlockPermits();

  BlockUpCommand(Console console, BlockMachine machine) {
    this.console = console;
    this.machine = machine;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    BlockTarget.Found found = target.find(machine);
    BlockRun run = found.run(machine, new Goal.Up(), allowed.permits());
    return BlockTarget.steer(found, run, machine, console, BlockTarget.Wish.UP).number();
  }
}
