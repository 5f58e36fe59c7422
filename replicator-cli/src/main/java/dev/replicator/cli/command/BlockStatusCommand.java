package dev.replicator.cli.command;

import dev.replicator.block.Assessment;
import dev.replicator.block.BlockStatus;
import dev.replicator.block.Goal;
import dev.replicator.block.Permits;
import dev.replicator.cli.control.BlockStatusJson;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Show the state of the root on this machine. */
@Command(
    name = "status",
    description = "Show the state of the root on this machine.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:healthy",
      "1:anything else; the line says what",
      "2:wrong usage",
      "5:configuration"
    })
final class BlockStatusCommand implements Callable<Integer> {
  private final Console console;
  private final BlockMachine machine;
  @Mixin private BlockTarget target = new BlockTarget();

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  BlockStatusCommand(Console console, BlockMachine machine) {
    this.console = console;
    this.machine = machine;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    BlockTarget.Found found = target.find(machine);
    BlockStatus status = found.run(machine, new Goal.Up(), Permits.NONE).status();
    BlockStatusJson answer =
        BlockStatusJson.of(found.name(), found.self(), status, found.arbiter());
    if (json) {
      console.line(ControlJson.write(BlockStatusJson.class, answer));
    } else {
      answer.lines().forEach(line -> console.line(Text.printable(line)));
    }
    boolean healthy = status.assessment().standing() == Assessment.Standing.HEALTHY;
    return (healthy ? ExitCode.DONE : ExitCode.NOT_MET).number();
  }
}
