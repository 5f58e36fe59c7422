package dev.replicator.cli.command;

import dev.replicator.cli.config.Bandwidth;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.daemon.NetworkFactory;
import dev.replicator.cli.daemon.OneShot;
import dev.replicator.cli.daemon.RootFactory;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.runtime.VerifyReport;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads all content again and heals what the disk damaged. */
@Command(
    name = "verify",
    description = {
      "Read the content of every file again, compare it with its digests, and heal what the disk"
          + " damaged.",
    },
    footer = {
      "",
      "A file whose stamp (size, times, inode) tells that nobody wrote, and whose content is",
      "another than was put or read there, is damaged. That is never sent to a peer: its content",
      "comes from a peer, the vault or another file here, and takes its place; what was there is",
      "kept in the vault for a week. What nobody has stays as it is, and is told. What somebody",
      "changed is no damage, and taken in as ever. A file that is gone was deleted by somebody,",
      "unless its root is held: then it is missing.",
      "",
      "It reads from the disk, not from memory, gives way to changes, and works without a running",
      "daemon too. It looks at this node only: run it on each, by a timer once a month. Ctrl-C",
      "ends it; what was healed until then stays so.",
      "",
      "Examples:",
      "  replicator verify",
      "  replicator verify wp-content --dry-run --json",
      "  replicator verify --limit 50MiB/s",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every file holds what it should",
      "1:something was damaged and is healed (with --dry-run: is damaged), could not be read, or is"
          + " missing while the root is held",
      "2:wrong usage",
      "4:something is damaged and not healed: no connected peer has its content",
      "5:configuration",
      "6:refused: the root is being verified already, state directory locked, key or journal not"
          + " usable, port taken"
    })
final class VerifyCommand implements Callable<Integer> {
  private static final Duration MOST = Duration.ofDays(30);

  private final Console console;
  private final RootFactory engine;
  private final NetworkFactory networks;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ROOT",
      description = "Only this root; all of them without it.")
  private @Nullable String root;

  @Option(names = "--dry-run", description = "Only tell what is damaged; heal nothing.")
  private boolean dryRun;

  @Option(
      names = "--limit",
      paramLabel = "RATE",
      description = "Read at most so much, such as 50MiB/s. Default: what the disk gives.")
  private @Nullable String limit;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description =
          "Without a daemon: how long to wait for peers to connect. Default: ${DEFAULT-VALUE}")
  private String timeout = "30s";

  @Option(names = "--json", description = "Print one JSON document for each root.")
  private boolean json;

  VerifyCommand(Console console, RootFactory engine, NetworkFactory networks) {
    this.console = console;
    this.engine = engine;
    this.networks = networks;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    Duration patience = Options.parsed("--timeout", timeout, Text::duration);
    long bytesPerSecond =
        limit == null
            ? VerifyReport.Order.NO_LIMIT
            : Options.parsed("--limit", limit, Bandwidth::parse).bytesPerSecond();
    Configuration configuration = config.loadToAsk();
    Options.requireRoot(configuration, root);
    VerifyResults results = new VerifyResults(console, json, config);
    DaemonClient daemon = new DaemonClient(configuration.node().socket());
    if (daemon.isAlive()) {
      Map<String, byte[]> parameters = Options.root(root);
      parameters.put("dryRun", Arguments.encode(Boolean.toString(dryRun)));
      parameters.put("limit", Arguments.encode(Long.toString(bytesPerSecond)));
      daemon.lines("/v1/verify", parameters, MOST, results::take);
    } else {
      OneShot.verify(
          new OneShot.Setting(
              config.load(), Optional.ofNullable(root), patience, engine, networks, console::note),
          new VerifyReport.Order(dryRun, bytesPerSecond),
          results::take);
    }
    console.endProgress();
    return results.code().number();
  }
}
