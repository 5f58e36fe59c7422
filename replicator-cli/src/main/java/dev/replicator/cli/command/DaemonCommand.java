package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.MessageJson;
import dev.replicator.cli.daemon.Daemon;
import dev.replicator.cli.daemon.HeapAtRest;
import dev.replicator.cli.daemon.Heartbeat;
import dev.replicator.cli.daemon.LeftRoots;
import dev.replicator.cli.daemon.NetworkFactory;
import dev.replicator.cli.daemon.RootFactory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.linux.LinuxWatcher;
import dev.replicator.linux.SystemdService;
import dev.replicator.port.ServiceManager;
import dev.replicator.port.ServiceManager.Notice;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import sun.misc.Signal;

/** Runs the node in the foreground. */
@Command(
    name = "daemon",
    description = "Run this node in the foreground until SIGTERM or SIGINT.",
    footer = {
      "",
      "Prints the line \"ready\" when it serves. Logs go to standard error. SIGHUP reads the",
      "configuration and the peers again: with an error the old ones stay.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped cleanly",
      "2:wrong usage",
      "5:configuration, or no key: `replicator init` draws one",
      "6:refused: state directory locked, port in use, key or journal not usable"
    })
final class DaemonCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(DaemonCommand.class);

  private final Console console;
  private final RootFactory engine;
  private final NetworkFactory networks;
  @Mixin private ConfigOption config = new ConfigOption();

  DaemonCommand(Console console, RootFactory engine, NetworkFactory networks) {
    this.console = console;
    this.engine = engine;
    this.networks = networks;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    Configuration configuration =
        config.load(note -> LOG.info("{}", Text.printable(note.toString())));
    CountDownLatch stop = new CountDownLatch(1);
    Signal.handle(new Signal("TERM"), signal -> stop.countDown());
    boolean interruptible = !"ignore".equals(System.getProperty("replicator.interrupt"));
    Signal.handle(new Signal("INT"), signal -> interrupt(stop, interruptible));
    ServiceManager manager = serviceManager();
    try (Daemon daemon = Daemon.start(configuration, Daemon.Mode.SERVING, engine, networks)) {
      Signal.handle(new Signal("HUP"), signal -> reload(daemon, manager));
      daemon.rehearse();
      manager.tell(new Notice.Ready());
      console.line("ready");
      LOG.info("node {} serves on {}", daemon.name(), daemon.listen());
      Thread.ofPlatform().daemon().name("left-roots").start(() -> tellLeft(configuration));
      try (Heartbeat heartbeat = Heartbeat.start(daemon, manager);
          HeapAtRest heap = HeapAtRest.watch()) {
        stop.await();
      }
      LOG.info("stopping");
      manager.tell(new Notice.Stopping());
    }
    LOG.info("stopped");
    return ExitCode.DONE.number();
  }

  private static void tellLeft(Configuration configuration) {
    LeftRoots.of(configuration).forEach(left -> LOG.warn("{}", Text.printable(left)));
  }

  private static ServiceManager serviceManager() {
    return LinuxWatcher.isSupported()
        ? SystemdService.of(System.getenv(), ProcessHandle.current().pid())
        : ServiceManager.NONE;
  }

  private static void interrupt(CountDownLatch stop, boolean interruptible) {
    if (interruptible) {
      stop.countDown();
    }
  }

  private static void reload(Daemon daemon, ServiceManager manager) {
    manager.tell(new Notice.Reloading());
    MessageJson message = daemon.reload();
    message.text().lines().forEach(line -> log(message.done(), Text.printable(line)));
    manager.tell(new Notice.Ready());
  }

  private static void log(boolean done, String line) {
    if (done) {
      LOG.info("reload: {}", line);
    } else {
      LOG.error("reload: {}", line);
    }
  }
}
