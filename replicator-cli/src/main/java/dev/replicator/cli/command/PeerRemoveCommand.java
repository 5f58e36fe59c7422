package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.NearestWord;
import dev.replicator.cli.config.PeerBook;
import dev.replicator.cli.config.PeerConfig;
import dev.replicator.cli.config.PeerNames;
import dev.replicator.cli.config.PeerStore;
import dev.replicator.cli.daemon.StateDirectory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.net.identity.KeyText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** No longer trusts a node, and no longer waits for it. */
@Command(
    name = "remove",
    description = "Trust a node no more; what is remembered only for it may then be forgotten.",
    footer = {
      "",
      "To take a node out, remove it on every other one: the command names those to do it on.",
      "It is not learned again from other nodes; `peer add` or an invitation brings it back. A"
          + " peer",
      "that is written in the configuration file is trusted until it is removed there as well.",
      "",
      "Example:",
      "  replicator peer remove web3",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, also when it was removed before",
      "1:there is no such peer",
      "2:wrong usage",
      "5:configuration",
      "6:the peer is in the configuration file, too; the message names the line"
    })
final class PeerRemoveCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(index = "0", paramLabel = "NAME|KEY", description = "As `peer list` shows it.")
  private String name = "";

  PeerRemoveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException {
    Configuration configuration = config.load();
    StateDirectory state = StateDirectory.prepare(configuration.node().state());
    PeerStore store = new PeerStore(state.path());
    for (PeerConfig peer : configuration.peers()) {
      if (isMeant(peer)) {
        store.remove(peer);
        throw new Failure(
            ExitCode.REFUSED,
            "peer "
                + peer.name()
                + " is written at "
                + peer.where()
                + " and trusted until it is removed there, too; then no other node brings it back");
      }
    }
    PeerBook book = PeerBook.of(configuration, store);
    Optional<PeerConfig> found =
        Stream.concat(book.peers().values().stream(), noLongerWritten(store))
            .filter(this::isMeant)
            .findFirst();
    if (found.isEmpty()) {
      return alreadyGone(store, book);
    }
    store.remove(found.get());
    console.line("removed " + found.get().name());
    elsewhere(found.get(), book).ifPresent(console::line);
    heirs(found.get(), book).forEach(console::line);
    RunningDaemon.takeUpPeers(configuration, console);
    return 0;
  }

  /** What a removal here does not do; by its key, for nobody knows what it is called there. */
  static Optional<String> elsewhere(PeerConfig removed, PeerBook book) {
    List<String> others =
        book.peers().values().stream()
            .filter(peer -> !peer.key().equals(removed.key()))
            .map(PeerConfig::name)
            .sorted()
            .toList();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "other nodes that trust it go on with it, and pass on what it writes: run `replicator"
                + " peer remove "
                + KeyText.print(removed.key())
                + "` on "
                + String.join(", ", others)
                + ", too");
  }

  /** Who could not have the name while the other had it; it does not change by itself. */
  private static List<String> heirs(PeerConfig removed, PeerBook book) {
    return book.peers().values().stream()
        .filter(peer ->
            PeerNames.wanted(peer.name(), peer.key()).filter(removed.name()::equals).isPresent())
        .map(peer ->
            peer.name()
                + " may be called "
                + removed.name()
                + " now: "
                + PeerNames.adding(removed.name(), peer))
        .toList();
  }

  /** A daemon that runs trusts them until it reads the files again. */
  private static Stream<PeerConfig> noLongerWritten(PeerStore store) throws IOException {
    return store.all().stream()
        .filter(one -> one.standing() == PeerStore.Standing.WRITTEN)
        .map(PeerStore.Stored::peer);
  }

  private boolean isMeant(PeerConfig peer) {
    return peer.name().equals(name) || KeyText.print(peer.key()).equals(name);
  }

  private boolean isRemoved(PeerStore.Stored one) {
    return one.standing() == PeerStore.Standing.REMOVED && isMeant(one.peer());
  }

  private int alreadyGone(PeerStore store, PeerBook book) throws Failure, IOException {
    if (store.all().stream().anyMatch(this::isRemoved)) {
      console.line("unchanged: " + Text.printable(name) + " was removed before");
      return 0;
    }
    String hint =
        NearestWord.of(name, book.names().values())
            .map(near -> "; did you mean \"" + near + "\"?")
            .orElse("");
    throw new Failure(ExitCode.NOT_MET, "no peer \"" + Text.printable(name) + "\"" + hint);
  }
}
