package dev.replicator.cli.command;

import dev.replicator.block.BlockConfig;
import dev.replicator.block.BlockDesk;
import dev.replicator.block.BlockRun;
import dev.replicator.block.Ending;
import dev.replicator.block.Fencing;
import dev.replicator.block.Goal;
import dev.replicator.block.Permits;
import dev.replicator.block.Progress;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.control.ArbiterJson;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.DaemonClient;
import dev.replicator.cli.daemon.BlockRoots;
import dev.replicator.cli.daemon.StateDirectory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The root that a `block` command is about. */
final class BlockTarget {
  /** The making of a file system may take the daemon 900 s, and no step takes longer. */
  private static final long TURN_SECONDS_MAX = 1_000;

  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ROOT",
      description = "Name of the root; not needed when there is one with driver drbd-ocfs2.")
  private @Nullable String root;

  /** One root on this machine. */
  record Found(String name, BlockConfig config, String self, Configuration configuration) {
    BlockRun run(BlockMachine machine, Goal goal, Permits permits) {
      return new BlockRun(
          config, self, goal, permits, machine.runner(), machine.files(), new BlockDesk(state()));
    }

    /** Its directory, which a command that only looks does not make. */
    Path state() {
      return StateDirectory.root(configuration.node().state(), name);
    }

    /** The arbiter and what the daemon heard of it last; "" when there is none. */
    String arbiter() {
      if (!(config.fencing() instanceof Fencing.Arbitrated(String arbiter, var _))) {
        return "";
      }
      DaemonClient daemon = new DaemonClient(configuration.node().socket());
      try {
        return ControlJson.readList(ArbiterJson.class, daemon.get("/v1/arbiters", Map.of()))
            .stream()
            .filter(one -> one.resource().equals(config.resource()))
            .findFirst()
            .map(ArbiterJson::line)
            .orElse(arbiter + " is not asked: the daemon runs with another configuration");
      } catch (Failure unanswered) {
        return arbiter + " is not asked: the daemon does not answer";
      }
    }
  }

  Found find(BlockMachine machine) throws Failure {
    Configuration configuration = config.load();
    List<RootConfig> roots =
        configuration.roots().stream()
            .filter(one -> one.block().isPresent())
            .filter(one -> root == null || one.name().equals(root))
            .toList();
    if (roots.size() != 1) {
      throw new Failure(
          ExitCode.USAGE,
          roots.isEmpty()
              ? "no such root has driver = \"drbd-ocfs2\""
              : "name one of the roots with driver = \"drbd-ocfs2\"");
    }
    BlockConfig block = roots.getFirst().block().orElseThrow();
    String name = roots.getFirst().name();
    return new Found(
        name, block, BlockRoots.self(name, block, machine.host().name()), configuration);
  }

  /** What the daemon is to do about the root from now on, also one that starts later. */
  enum Wish {
    UP,
    DOWN,
    /** Only while the command works: then the next daemon brings it up. */
    DOWN_UNTIL_START
  }

  /** Runs to the end of it while a running daemon only looks on. */
  static ExitCode steer(Found found, BlockRun run, BlockMachine machine, Console console, Wish wish)
      throws Failure, InterruptedException {
    Path state = StateDirectory.prepare(found.configuration().node().state()).root(found.name());
    BlockDesk desk = new BlockDesk(state);
    Screen screen = new Screen(console);
    try {
      switch (wish) {
        case UP -> desk.resume();
        case DOWN -> desk.pause();
        // A daemon is kept off while this one works; a pause from before stays.
        case DOWN_UNTIL_START -> {}
      }
      try (BlockDesk.Work _ = begin(desk, machine, screen)) {
        return run(found, run, machine, console, screen);
      }
    } catch (IOException failure) {
      throw new Failure(ExitCode.REFUSED, "cannot work in " + state + ": " + failure, failure);
    }
  }

  /** A daemon lets go after each step of its own. */
  private static BlockDesk.Work begin(BlockDesk desk, BlockMachine machine, Screen screen)
      throws Failure, IOException, InterruptedException {
    for (long looks = 0; looks < TURN_SECONDS_MAX / BlockRun.PAUSE.toSeconds(); looks++) {
      Optional<BlockDesk.Work> work = desk.begin();
      if (work.isPresent()) {
        return work.get();
      }
      screen.waits("waiting for whoever works on the root: the daemon, or a command");
      machine.pause().pass(BlockRun.PAUSE);
    }
    throw new Failure(ExitCode.REFUSED, "another process works on the root and does not end");
  }

  /** Runs to the end of it, whatever the daemon does. */
  static ExitCode run(Found found, BlockRun run, BlockMachine machine, Console console)
      throws InterruptedException {
    return run(found, run, machine, console, new Screen(console));
  }

  private static ExitCode run(
      Found found, BlockRun run, BlockMachine machine, Console console, Screen screen)
      throws InterruptedException {
    Optional<Ending> ending = Optional.empty();
    while (ending.isEmpty()) {
      ending = run.advance(screen);
      if (ending.isEmpty()) {
        machine.pause().pass(run.pause());
      }
    }
    console.endProgress();
    console.line(Text.printable(found.name() + ": " + ending.get().text()));
    return switch (ending.get()) {
      case Ending.Reached _ -> ExitCode.DONE;
      case Ending.NeedsPerson _, Ending.Failed _ -> ExitCode.NOT_MET;
      case Ending.TimedOut _ -> ExitCode.PEER_OFFLINE;
    };
  }

  /** A step in a line of its own; what is waited for in one that the next replaces. */
  private static final class Screen implements BlockRun.Listener {
    private final Console console;
    private String last = "";

    Screen(Console console) {
      this.console = console;
    }

    @Override
    public void acts(String step) {
      if (!step.equals(last)) {
        console.endProgress();
        console.line("  " + Text.printable(step));
      }
      last = step;
    }

    @Override
    public void waits(String what, Optional<Progress> progress) {
      console.progress(ProgressBar.text(what, progress));
      last = "";
    }

    void waits(String what) {
      waits(what, Optional.empty());
    }
  }
}
