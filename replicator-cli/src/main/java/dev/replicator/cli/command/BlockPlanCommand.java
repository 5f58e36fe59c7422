package dev.replicator.cli.command;

import dev.replicator.block.Decision;
import dev.replicator.block.Generation;
import dev.replicator.block.Goal;
import dev.replicator.block.Plan;
import dev.replicator.block.RenderedFile;
import dev.replicator.block.Rendering;
import dev.replicator.block.Secret;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Show what `block up` would do from here, and why; changes nothing. */
@Command(
    name = "plan",
    description = "Show what `block up` would do from here, and why; changes nothing.",
    footer = {
      "",
      "With --files it prints the files, the secret hidden; for DRBD 9 that is all there is.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:healthy, or nothing stands in the way",
      "1:a person has to decide something first",
      "2:wrong usage",
      "5:configuration"
    })
final class BlockPlanCommand implements Callable<Integer> {
  private static final Secret HIDDEN = new Secret("--hidden--");

  private final Console console;
  private final BlockMachine machine;
  @Mixin private BlockTarget target = new BlockTarget();
  @Mixin private BlockPermits allowed = new BlockPermits();

  @Option(
      names = "--files",
      paramLabel = "8.4|9",
      description = "Print the files for this version of DRBD instead.")
  private @Nullable String files;

  BlockPlanCommand(Console console, BlockMachine machine) {
    this.console = console;
    this.machine = machine;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    BlockTarget.Found found = target.find(machine);
    if (files != null) {
      print(found, files);
      return ExitCode.DONE.number();
    }
    Plan plan = found.run(machine, new Goal.Up(), allowed.permits()).plan();
    console.line(Text.printable(found.name() + ": " + plan.from().reason()));
    plan.lines(found.config(), found.self())
        .forEach(line -> console.line("  " + Text.printable(line)));
    String arbiter = found.arbiter();
    if (!arbiter.isEmpty()) {
      console.line("  arbiter: " + Text.printable(arbiter));
    }
    return (plan.end() instanceof Decision.AskPerson ? ExitCode.NOT_MET : ExitCode.DONE).number();
  }

  private void print(BlockTarget.Found found, String version) throws Failure {
    Generation generation =
        Options.parsed(
            "--files",
            version,
            text ->
                switch (text) {
                  case "8.4" -> Generation.EIGHT;
                  case "9" -> Generation.NINE;
                  default -> throw new IllegalArgumentException("there is 8.4 and 9");
                });
    for (RenderedFile file : Rendering.files(found.config(), HIDDEN, generation)) {
      console.line("==> " + file.path());
      console.line(file.text());
    }
  }
}
