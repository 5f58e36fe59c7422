package dev.replicator.cli.command;

import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends a pause. */
@Command(
    name = "resume",
    description = "Go on after pause.",
    footer = {"", "Example:", "  replicator resume wp-content"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a root refused, and the message says why; the others were asked all the same",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class ResumeCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ROOT",
      description = "Only this root; all of them without it.")
  private @Nullable String root;

  ResumeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    String body = config.daemon().post("/v1/resume", Options.root(root));
    Answers.print(console, body);
    return 0;
  }
}
