package dev.replicator.cli.command;

import dev.replicator.block.BlockRun;
import dev.replicator.block.Goal;
import dev.replicator.block.Permits;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Take the root down in the order that leaves no split brain. */
@Command(
    name = "down",
    description = "Take the root down in the order that leaves no split brain.",
    footer = {
      "",
      "Run it on both nodes: it waits until the other one is secondary, and the next `block up`",
      "needs no resync. The daemon leaves the root down until `block up`.",
      "",
      "For a machine that shuts down: `block down --alone --reboot`, once its daemon has ended.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:DRBD is down here",
      "1:it stopped: files are open, or a tool failed",
      "2:wrong usage",
      "4:the peer, or what only it can do, did not come in time",
      "5:configuration",
      "6:another process works on the root"
    })
final class BlockDownCommand implements Callable<Integer> {
  private final Console console;
  private final BlockMachine machine;
  @Mixin private BlockTarget target = new BlockTarget();

  @Option(
      names = "--alone",
      description = "Let the other node go on as the only primary; this one resyncs later.")
  private boolean alone;

  @Option(
      names = "--reboot",
      description = "The daemon brings it up again when it starts next, as after a reboot.")
  private boolean reboot;

  BlockDownCommand(Console console, BlockMachine machine) {
    this.console = console;
    this.machine = machine;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    BlockTarget.Found found = target.find(machine);
    BlockRun run = found.run(machine, new Goal.Down(alone), Permits.NONE);
    return BlockTarget.steer(
            found,
            run,
            machine,
            console,
            reboot ? BlockTarget.Wish.DOWN_UNTIL_START : BlockTarget.Wish.DOWN)
        .number();
  }
}
