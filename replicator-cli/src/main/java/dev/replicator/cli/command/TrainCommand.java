package dev.replicator.cli.command;

import dev.replicator.cli.demo.Demo;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** Makes what a start reads instead of loading and linking thousands of classes anew. */
@Command(
    name = "train",
    description =
        "Make this program faster: run it for up to a minute, and keep what it loaded and learnt.",
    footer = {
      "",
      "Writes two caches, of some 60 and 30 MB, beside the program's own files, so it has to be",
      "run by who may write there. Run it once after an installation, and again after an update",
      "of Java: a cache that does not fit is left aside. Running daemons are not touched.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the caches are made, and every start uses one from now on",
      "1:they cannot be made",
      "6:the directory of the program may not be written by this user"
    })
final class TrainCommand implements Callable<Integer> {
  /** Where the launcher looks for what is kept. */
  private static final String CACHES = "replicator.caches";

  private final Console console;

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    String told = System.getProperty(CACHES, "");
    if (told.isEmpty()) {
      throw new Failure(ExitCode.NOT_MET, "not started by the launcher, which tells the place");
    }
    Path caches = Path.of(told).toAbsolutePath();
    if (!Files.isWritable(caches)) {
      throw new Failure(ExitCode.REFUSED, "cannot write into " + caches);
    }
    return new Demo(console, new CountDownLatch(1)).train(caches).number();
  }
}
