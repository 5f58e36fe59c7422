package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.HostPort;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.daemon.NodeIdentity;
import dev.replicator.cli.daemon.StateDirectory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.net.pairing.InvitationFiles;
import dev.replicator.net.session.Address;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets one other node in. */
@Command(
    name = "invite",
    description = "Print a one-time token with which another node joins.",
    footer = {
      "",
      "The token alone goes to standard output. It holds an address, this node's key and a secret:",
      "whoever has it can join once, until it expires. The daemon must run when it is used, not"
          + " when",
      "it is made. When listen is a wildcard such as 0.0.0.0, --address says where to dial.",
      "",
      "A node whose name is taken here is let in all the same, and called NAME-XXXX, with the",
      "first letters of its key: `replicator peer list` shows it. Whoever had a name keeps it.",
      "",
      "Examples:",
      "  replicator invite --address web1.example.net:7411",
      "  replicator invite --address 203.0.113.6:7411 --valid 10m",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the token was printed",
      "2:wrong usage, such as a missing --address",
      "5:configuration",
      "6:the state directory or the key cannot be used"
    })
final class InviteCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description = "Where the other node dials this one. Default: listen of the configuration")
  private @Nullable String address;

  @Option(
      names = "--valid",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "How long the token can be used, at most 168h. Default: ${DEFAULT-VALUE}")
  private String valid = "1h";

  InviteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException {
    Duration life = Options.parsed("--valid", valid, Text::duration);
    Configuration configuration = config.loadToAsk();
    Address where = where(configuration.node().listen());
    StateDirectory state = StateDirectory.prepare(configuration.node().state());
    InvitationFiles invitations = new InvitationFiles(state.invitations());
    String token;
    try {
      token =
          invitations
              .create(
                  where, NodeIdentity.of(configuration, state), life, System.currentTimeMillis())
              .token();
    } catch (IllegalArgumentException wrong) {
      throw new Failure(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
    console.line(token);
    if (!new DaemonClient(configuration.node().socket()).isAlive()) {
      console.note("note: the daemon does not run; start it before the other node joins");
    }
    return ExitCode.DONE.number();
  }

  private Address where(HostPort listen) throws Failure {
    HostPort dialled =
        address == null
            ? listen
            : Options.parsed("--address", address, text -> HostPort.parse(text, 1));
    if (dialled.isWildcard() || dialled.port() == 0) {
      throw new Failure(
          ExitCode.USAGE,
          "nobody can dial "
              + dialled
              + "; say where this node is reached: --address HOST:"
              + (listen.port() == 0 ? "PORT" : listen.port()));
    }
    return new Address(dialled.host(), dialled.port());
  }
}
