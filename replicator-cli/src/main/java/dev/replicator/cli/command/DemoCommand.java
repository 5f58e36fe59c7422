package dev.replicator.cli.command;

import dev.replicator.cli.demo.Demo;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sun.misc.Signal;

/** Shows two nodes at work. */
@Command(
    name = "demo",
    description = "Run two nodes on this machine over a sample site and show the lag of changes.",
    footer = {
      "",
      "Without --seconds it waits for your own changes and ends with Ctrl-C. At the end both trees",
      "are compared by walking them. Nothing outside of its directory is touched.",
      "",
      "Examples:",
      "  replicator demo",
      "  replicator demo --seconds 10 --dir /tmp/two-nodes",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:both trees are equal at the end",
      "1:they are not, or a daemon did not start",
      "2:wrong usage, such as a directory that is not empty"
    })
final class DemoCommand implements Callable<Integer> {
  private static final int SECONDS_MAX = 86_400;

  private final Console console;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Make a change each second, N seconds long, then end.")
  private @Nullable Integer seconds;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Put everything into this new or empty directory and keep it.")
  private @Nullable Path directory;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    if (seconds != null && (seconds < 1 || seconds > SECONDS_MAX)) {
      throw new Failure(ExitCode.USAGE, "--seconds must be from 1 to " + SECONDS_MAX);
    }
    CountDownLatch stop = new CountDownLatch(1);
    Signal.handle(new Signal("INT"), signal -> stop.countDown());
    Signal.handle(new Signal("TERM"), signal -> stop.countDown());
    OptionalInt time = seconds == null ? OptionalInt.empty() : OptionalInt.of(seconds);
    return new Demo(console, stop).run(time, Optional.ofNullable(directory)).number();
  }
}
