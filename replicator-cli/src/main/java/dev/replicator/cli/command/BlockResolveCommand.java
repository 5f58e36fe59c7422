package dev.replicator.cli.command;

import dev.replicator.block.BlockRun;
import dev.replicator.block.Goal;
import dev.replicator.block.Permits;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Heal a split brain, or what verify found: the changes of one node are lost. */
@Command(
    name = "resolve",
    description = "Heal a split brain, or what verify found: the changes of one node are lost.",
    footer = {
      "",
      "Run it on both nodes with the same --victim, on the victim first.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:healed, mounted here",
      "1:it stopped: not confirmed, a person has to decide, or a tool failed",
      "2:wrong usage",
      "4:the peer, or what only it can do, did not come in time",
      "5:configuration",
      "6:another process works on the root"
    })
final class BlockResolveCommand implements Callable<Integer> {
  private final Console console;
  private final BlockMachine machine;
  @Mixin private BlockTarget target = new BlockTarget();

  @Option(
      names = "--victim",
      required = true,
      paramLabel = "NODE",
      description = "Whose changes are lost, by its host name.")
  private String victim = "";

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  BlockResolveCommand(Console console, BlockMachine machine) {
    this.console = console;
    this.machine = machine;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    BlockTarget.Found found = target.find(machine);
    if (found.config().node(victim).isEmpty()) {
      throw new Failure(
          ExitCode.USAGE, "--victim: " + Text.printable(victim) + " is none of the nodes");
    }
    console.line(
        "what "
            + victim
            + " wrote since the split is lost"
            + (victim.equals(found.self()) ? ", and the root is unmounted here meanwhile" : ""));
    if (!yes && !confirmed()) {
      throw new Failure(ExitCode.NOT_MET, "not confirmed: nothing was done");
    }
    BlockRun run = found.run(machine, new Goal.Resolved(victim), Permits.NONE);
    return BlockTarget.steer(found, run, machine, console, BlockTarget.Wish.UP).number();
  }

  /** By the name, typed once more: a bare yes is typed too easily. */
  private boolean confirmed() throws IOException {
    console.note("type the name of the victim to go on:");
    String answer =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return answer != null && answer.strip().equals(victim);
  }
}
