package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.HostPort;
import dev.replicator.cli.config.PeerBook;
import dev.replicator.cli.config.PeerConfig;
import dev.replicator.cli.config.PeerNames;
import dev.replicator.cli.config.PeerStore;
import dev.replicator.cli.daemon.StateDirectory;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trusts another node, without an invitation. */
@Command(
    name = "add",
    description = "Trust another node by its key. The other node has to trust this one too.",
    footer = {
      "",
      "It is kept in the state directory, never in the configuration file. A running daemon takes",
      "it up at once. `replicator invite` and `join` do this for both sides. For a key that is",
      "trusted already it changes name and address.",
      "",
      "A NAME that another peer has stays with that one; the new one is then called NAME-XXXX,",
      "with the first letters of its key.",
      "",
      "Example:",
      "  replicator peer add web2 --address 203.0.113.7:7411 --key SHA256:...",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, also when it was there already",
      "1:the running daemon could not take it up",
      "2:wrong usage",
      "5:configuration",
      "6:the state directory cannot be used"
    })
final class PeerAddCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(index = "0", paramLabel = "NAME", description = "What to call it here.")
  private String name = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "KEY",
      description = "The key that `replicator status` shows there: SHA256:...")
  private String key = "";

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description = "Where it listens; without it, that node has to dial this one.")
  private @Nullable String address;

  PeerAddCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException {
    NodeId node = Options.parsed("--key", key, KeyText::parse);
    String checked = Options.parsed("NAME", name, PeerConfig::checkedName);
    Optional<HostPort> where =
        address == null
            ? Optional.empty()
            : Optional.of(Options.parsed("--address", address, text -> HostPort.parse(text, 1)));
    Configuration configuration = config.load();
    StateDirectory state = StateDirectory.prepare(configuration.node().state());
    PeerStore store = new PeerStore(state.path());
    PeerNames names =
        PeerBook.of(configuration, store).holders().besides(configuration.node().name());
    Optional<NodeId> holder = names.holder(checked).filter(one -> !one.equals(node));
    PeerConfig peer = names.give(new PeerConfig(checked, where, node, "command line"));
    store.add(peer);
    console.line("trusts " + peer.name() + " " + KeyText.print(node));
    if (!peer.name().equals(checked)) {
      console.line(taken(checked, peer.name(), holder));
    }
    RunningDaemon.takeUpPeers(configuration, console);
    return 0;
  }

  private static String taken(String name, String given, Optional<NodeId> holder) {
    String so = ", so this one is called " + given + " here";
    return holder
        .map(key ->
            name
                + " is the name of the peer "
                + KeyText.print(key)
                + so
                + "; where that machine has the new key now, `replicator peer remove "
                + name
                + "` lets go of the old one")
        .orElse(name + " is the name of this node itself" + so);
  }
}
