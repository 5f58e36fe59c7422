package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import java.util.Map;

/** Tells the daemon of a configuration, when it runs, that files changed. */
final class RunningDaemon {
  private RunningDaemon() {}

  static void takeUpPeers(Configuration configuration, Console console) throws Failure {
    DaemonClient daemon = new DaemonClient(configuration.node().socket());
    if (daemon.isAlive()) {
      daemon.post("/v1/reload", Map.of());
      console.line("the running daemon has taken it up");
    }
  }
}
