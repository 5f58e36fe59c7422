package dev.replicator.cli.command;

import dev.replicator.cli.control.Version;
import dev.replicator.cli.daemon.DriverRoots;
import dev.replicator.cli.daemon.MeshNetwork;
import dev.replicator.cli.daemon.NetworkFactory;
import dev.replicator.cli.daemon.RootFactory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code replicator}. Every failure becomes a message and an exit code here. */
@Command(
    name = "replicator",
    description = "Keeps directory trees identical on several machines, both ways, in real time.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Begin:",
      "  web1# replicator init --name web1 --root wp-content=/var/www/html/wp-content",
      "  web1# replicator daemon                 by systemd, or in a terminal of its own",
      "  web1# replicator invite --address web1.example.net:7411",
      "  web2# replicator init --name web2 --root wp-content=/var/www/html/wp-content",
      "  web2# replicator join TOKEN             while the daemon of web1 runs",
      "  web2# replicator daemon",
      "",
      "`replicator demo` shows two nodes at work on this machine, without any configuration.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:condition not met",
      "2:wrong usage",
      "3:the daemon is not running",
      "4:a required peer is offline, decided at the timeout",
      "5:configuration",
      "6:refused: token, key, lock, port"
    })
public final class Replicator implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  Replicator() {}

  /** Runs the command line of this process; gives the exit code. */
  public static int run(String[] args) {
    String[] words = Arguments.raw(args);
    boolean daemon = words.length > 0 && words[0].equals("daemon");
    System.setProperty("replicator.log", daemon ? "INFO" : "WARN");
    Console console = Console.system();
    int code = run(console, new DriverRoots(), MeshNetwork.factory(), words);
    console.out().flush();
    return code;
  }

  /** Runs one command line to its exit code. */
  static int run(Console console, RootFactory roots, NetworkFactory networks, String... args) {
    return commandLine(console, roots, networks).execute(args);
  }

  private static CommandLine commandLine(
      Console console, RootFactory roots, NetworkFactory networks) {
    CommandLine main = new CommandLine(new Replicator());
    main.addSubcommand(new InitCommand(console));
    main.addSubcommand(new InviteCommand(console));
    main.addSubcommand(new JoinCommand(console));
    main.addSubcommand(new DaemonCommand(console, roots, networks));
    main.addSubcommand(new StatusCommand(console));
    main.addSubcommand(new CheckCommand(console));
    main.addSubcommand(new EventsCommand(console));
    main.addSubcommand(new WaitCommand(console));
    main.addSubcommand(new ResyncCommand(console, roots, networks));
    main.addSubcommand(new VerifyCommand(console, roots, networks));
    main.addSubcommand(new ExplainCommand(console));
    main.addSubcommand(
        new CommandLine(new ConflictsCommand())
            .addSubcommand(new ConflictsListCommand(console))
            .addSubcommand(new ConflictsShowCommand(console))
            .addSubcommand(new ConflictsResolveCommand(console)));
    main.addSubcommand(new HistoryCommand(console));
    main.addSubcommand(new RestoreCommand(console));
    main.addSubcommand(new PauseCommand(console));
    main.addSubcommand(new ResumeCommand(console));
    main.addSubcommand(new ApproveCommand(console));
    main.addSubcommand(
        new CommandLine(new PeerCommand())
            .addSubcommand(new PeerAddCommand(console))
            .addSubcommand(new PeerRemoveCommand(console))
            .addSubcommand(new PeerListCommand(console)));
    main.addSubcommand(
        new CommandLine(new ConfigCommand()).addSubcommand(new ConfigCheckCommand(console)));
    main.addSubcommand(block(console));
    main.addSubcommand(new DemoCommand(console));
    main.addSubcommand(new TrainCommand(console));
    configure(main, console);
    return main;
  }

  private static CommandLine block(Console console) {
    BlockMachine machine = BlockMachine.local();
    return new CommandLine(new BlockCommand())
        .addSubcommand(new BlockPlanCommand(console, machine))
        .addSubcommand(new BlockUpCommand(console, machine))
        .addSubcommand(new BlockStatusCommand(console, machine))
        .addSubcommand(new BlockVerifyCommand(console, machine))
        .addSubcommand(new BlockResolveCommand(console, machine))
        .addSubcommand(new BlockDownCommand(console, machine));
  }

  private static void configure(CommandLine main, Console console) {
    main.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    main.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    main.setExpandAtFiles(false);
    main.setInterpolateVariables(true);
    main.setColorScheme(
        new CommandLine.Help.ColorScheme.Builder(CommandLine.Help.Ansi.OFF).build());
    main.setParameterExceptionHandler((wrong, args) -> usage(wrong, console));
    main.setExecutionExceptionHandler(
        (failure, commandLine, result) -> failed(failure, console, commandLine.getParseResult()));
    main.getCommandSpec().version("replicator " + Version.text());
    everywhere(main);
  }

  private static void everywhere(CommandLine commandLine) {
    commandLine.getCommandSpec().mixinStandardHelpOptions(true);
    commandLine.getCommandSpec().usageMessage().width(100).sortOptions(true);
    commandLine.getSubcommands().values().forEach(Replicator::everywhere);
  }

  private static int usage(ParameterException wrong, Console console) {
    CommandLine command = wrong.getCommandLine();
    List<String> near =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    String hint = near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    console.note("replicator: " + Text.printable(String.valueOf(wrong.getMessage())) + hint);
    console.note("see: " + command.getCommandSpec().qualifiedName() + " --help");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int failed(Exception failure, Console console, ParseResult asked) {
    console.endProgress();
    Path config = asked.matchedOptionValue("--config", Path.of(ConfigOption.DEFAULT));
    return switch (failure) {
      case Failure known -> {
        tell(console, Hints.in(known.text(), config));
        yield known.code().number();
      }
      case IOException disk -> {
        tell(console, disk.toString());
        yield ExitCode.NOT_MET.number();
      }
      case InterruptedException stopped -> {
        Thread.currentThread().interrupt();
        yield ExitCode.NOT_MET.number();
      }
      default -> {
        tell(console, "internal error in " + asked.commandSpec().qualifiedName() + ": " + failure);
        failure.printStackTrace(console.err());
        yield ExitCode.NOT_MET.number();
      }
    };
  }

  private static void tell(Console console, String text) {
    text.lines().forEach(line -> console.note("replicator: " + Text.printable(line)));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do");
  }
}
