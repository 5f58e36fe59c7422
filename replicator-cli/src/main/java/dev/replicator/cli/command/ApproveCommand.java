package dev.replicator.cli.command;

import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets what is held pass. */
@Command(
    name = "approve",
    description = "Let the deletions, or the replaced root, that are held pass.",
    footer = {
      "",
      "Held deletions then happen on every node; what they remove is in the vault for 7 days, as",
      "far as that has room: of more than the vault of this node could hold that is said, and",
      "--force is needed. Who wants the files back does not approve, but puts back what is",
      "missing, from a peer: `rsync -aAX --numeric-ids --ignore-existing --exclude=/.replicator",
      "--filter='-x user.replicator.*' PEER:ROOT/ ROOT/`. Once all are there the hold ends.",
      "A root that is not mounted is mounted; approving takes the directory that is there instead.",
      "Where there are several roots, that wants the name of the root.",
      "",
      "Example:",
      "  replicator approve wp-content"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:nothing was held, or a root refused; the others were approved all the same",
      "2:wrong usage",
      "3:the daemon is not running",
      "5:configuration",
      "6:refused: only root and the daemon's user may ask it"
    })
final class ApproveCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ROOT",
      description = "Only this root; all of them without it.")
  private @Nullable String root;

  @Option(
      names = "--force",
      description = "Also more content than a vault as the one here can hold.")
  private boolean force;

  ApproveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure {
    Map<String, byte[]> parameters = Options.root(root);
    parameters.put("force", Arguments.encode(Boolean.toString(force)));
    String body = config.daemon().post("/v1/approve", parameters);
    Answers.print(console, body);
    return 0;
  }
}
