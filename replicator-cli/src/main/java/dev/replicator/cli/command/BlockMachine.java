package dev.replicator.cli.command;

import dev.replicator.block.ConfigurationFiles;
import dev.replicator.block.DiskFiles;
import dev.replicator.cli.daemon.BlockRoots;
import dev.replicator.cli.exit.Failure;
import dev.replicator.host.ProcessRunner;
import dev.replicator.port.CommandRunner;
import java.time.Duration;

/** The machine that `block` works on. */
record BlockMachine(CommandRunner runner, ConfigurationFiles files, Host host, Pause pause) {
  /** Tells the name of the machine. */
  interface Host {
    String name() throws Failure;
  }

  /** Lets time pass. */
  interface Pause {
    void pass(Duration time) throws InterruptedException;
  }

  static BlockMachine local() {
    return new BlockMachine(
        new ProcessRunner(), new DiskFiles(), BlockRoots::host, time -> Thread.sleep(time));
  }
}
