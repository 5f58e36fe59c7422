package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.HostPort;
import dev.replicator.cli.config.PeerBook;
import dev.replicator.cli.config.PeerConfig;
import dev.replicator.cli.config.PeerNames;
import dev.replicator.cli.config.PeerStore;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.PeerJson;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.net.identity.KeyText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the nodes that this one trusts. */
@Command(
    name = "list",
    description = "List the nodes that this one trusts, whether or not the daemon runs.",
    footer = {"", "Example:", "  replicator peer list --json"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:listed, also when there are none", "2:wrong usage", "5:configuration"})
final class PeerListCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  PeerListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException {
    Configuration configuration = config.loadToAsk();
    PeerBook book = PeerBook.of(configuration, new PeerStore(configuration.node().state()));
    List<PeerJson> peers = book.peers().values().stream().map(PeerListCommand::json).toList();
    if (json) {
      console.line(ControlJson.writeList(PeerJson.class, peers));
      return 0;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("NAME", "ADDRESS", "KEY", "FROM"));
    for (PeerJson peer : peers) {
      String address = peer.address().isEmpty() ? "(dials us)" : peer.address();
      rows.add(List.of(peer.name(), address, peer.key(), peer.where()));
    }
    console.lines(Text.table(rows).stream().map(Text::printable).toList());
    book.peers().values().forEach(peer -> remark(peer).ifPresent(console::line));
    return 0;
  }

  private static Optional<String> remark(PeerConfig peer) {
    return PeerNames.wanted(peer.name(), peer.key())
        .map(wanted ->
            peer.name()
                + ": another node was called "
                + wanted
                + " first; "
                + PeerNames.adding("NAME", peer)
                + " gives it another name here");
  }

  private static PeerJson json(PeerConfig peer) {
    return new PeerJson(
        peer.name(),
        peer.address().map(HostPort::toString).orElse(""),
        KeyText.print(peer.key()),
        peer.where());
  }
}
