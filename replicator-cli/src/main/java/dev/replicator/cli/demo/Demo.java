package dev.replicator.cli.demo;

import dev.replicator.cli.control.StatusJson;
import dev.replicator.cli.daemon.Joining;
import dev.replicator.cli.daemon.NodeIdentity;
import dev.replicator.cli.daemon.StateDirectory;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.cli.terminal.Text;
import dev.replicator.filter.FilterRules;
import dev.replicator.model.Count;
import dev.replicator.model.Initial;
import dev.replicator.net.pairing.InvitationFiles;
import dev.replicator.net.session.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts two real nodes, shows them converge, and then the lag of every change. */
public final class Demo {
  private static final Duration INVITATION_VALID = Duration.ofMinutes(5);
  private static final long CONVERGE_SECONDS_MAX = 60;
  private static final long LOOK_MILLIS_MIN = 20;

  /** Of one look: looking must not take the time of the daemons that it measures. */
  private static final long REST_FACTOR = 10;

  private static final int TRAINING_SECONDS = 4;

  /** The names that the launcher knows. */
  private static final String DAEMON_CACHE = "daemon.aot";

  private static final String COMMAND_CACHE = "command.aot";

  private static final int DIFFERENCES_SHOWN_MAX = 5;

  private final Console console;
  private final CountDownLatch stop;
  private long restMillis = LOOK_MILLIS_MIN;

  /**
   * @param stop ends the demonstration early, and cleanly, when it is counted down
   */
  public Demo(Console console, CountDownLatch stop) {
    this.console = console;
    this.stop = stop;
  }

  /**
   * Runs it.
   *
   * @param seconds how long to make changes by itself; empty to leave that to the user
   * @param directory where to put everything, which is then kept; empty for one that is removed
   */
  public ExitCode run(OptionalInt seconds, Optional<Path> directory)
      throws Failure, IOException, InterruptedException {
    Path base =
        directory.isPresent()
            ? emptyDirectory(directory.get())
            : Files.createTempDirectory("replicator-demo-");
    try (DemoNode one = DemoNode.start(base, "one");
        DemoNode two = DemoNode.start(base, "two")) {
      introduce(one, two);
      boolean equal = converge(one, two) && follow(one, two, seconds);
      return equal ? ExitCode.DONE : ExitCode.NOT_MET;
    } finally {
      if (directory.isEmpty()) {
        remove(base);
      }
    }
  }

  /**
   * Records a demonstration of some seconds, so that later starts find loaded what it needed.
   *
   * @param caches the directory for the files of {@code -XX:AOTCache}; each is there whole or not
   *     at all
   */
  public ExitCode train(Path caches) throws Failure, IOException, InterruptedException {
    Path base = Files.createTempDirectory("replicator-train-");
    Path ofDaemon = base.resolve(DAEMON_CACHE);
    Path ofCommand = base.resolve(COMMAND_CACHE);
    try {
      boolean equal;
      try (DemoNode one = DemoNode.start(base, "one");
          DemoNode two = DemoNode.recorded(base, "two", ofDaemon)) {
        introduce(one, two);
        equal = converge(one, two) && follow(one, two, OptionalInt.of(TRAINING_SECONDS));
        one.recordStatus(ofCommand);
      }
      if (!equal || !Files.exists(ofDaemon) || !Files.exists(ofCommand)) {
        console.line("Nothing was kept: the Java that runs this made no cache.");
        return ExitCode.NOT_MET;
      }
      keep(ofDaemon, caches);
      keep(ofCommand, caches);
      return ExitCode.DONE;
    } finally {
      remove(base);
    }
  }

  /** Puts a cache in place as a whole: a start may read the one before. */
  private void keep(Path made, Path caches) throws IOException {
    Path cache = caches.resolve(made.getFileName());
    Path unfinished = caches.resolve(made.getFileName() + ".unfinished");
    try {
      Files.copy(made, unfinished, StandardCopyOption.REPLACE_EXISTING);
      Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    console.line("Kept " + Text.bytes(Files.size(cache)) + " in " + cache + ".");
  }

  private static Path emptyDirectory(Path directory) throws Failure, IOException {
    Path absolute = Files.createDirectories(directory).toRealPath();
    try (Stream<Path> found = Files.list(absolute)) {
      if (found.findAny().isPresent()) {
        throw new Failure(ExitCode.USAGE, absolute + " is not empty; name a new directory");
      }
    }
    return absolute;
  }

  private void introduce(DemoNode one, DemoNode two) throws Failure, IOException {
    console.line("Two nodes on this machine, each a daemon of its own:");
    for (DemoNode node : List.of(one, two)) {
      console.line("  " + node.name() + "  " + node.tree() + "  (process " + node.pid() + ")");
    }
    StateDirectory state = StateDirectory.prepare(one.configuration().node().state());
    StatusJson status = one.status();
    String token =
        new InvitationFiles(state.invitations())
            .create(
                Address.parse(status.node().listen()),
                NodeIdentity.of(one.configuration(), state),
                INVITATION_VALID,
                System.currentTimeMillis())
            .token();
    StateDirectory joiner = StateDirectory.prepare(two.configuration().node().state());
    new Joining(two.configuration(), joiner).join(token, Initial.UNION);
    two.client().post("/v1/reload", Map.of());
    console.line("Paired: `replicator invite` on one, `replicator join TOKEN` on two.");
    console.line("");
  }

  private static FilterRules rules(DemoNode node) {
    return node.configuration().roots().getFirst().filter();
  }

  private boolean converge(DemoNode one, DemoNode two) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    SampleTree.Written written = SampleTree.write(one.tree());
    long ended = System.nanoTime();
    console.line(
        "Wrote "
            + written.files()
            + " files, "
            + Text.bytes(written.bytes())
            + ", into one within "
            + millis(ended - begun)
            + ".");
    if (!awaitEqual(one, two)) {
      return false;
    }
    console.line(
        "Two shows all "
            + TreeDifferences.count(two.tree(), rules(two))
            + " paths, "
            + millis(System.nanoTime() - ended)
            + " after the last was written (looked every "
            + Text.millis(restMillis)
            + ").");
    console.line("");
    return true;
  }

  private boolean awaitEqual(DemoNode one, DemoNode two) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CONVERGE_SECONDS_MAX);
    List<String> differences = TreeDifferences.ofMetadata(one.tree(), two.tree(), rules(one));
    while (!differences.isEmpty()
        && System.nanoTime() < deadline
        && one.isRunning()
        && two.isRunning()) {
      Thread.sleep(restMillis);
      long begun = System.nanoTime();
      differences = TreeDifferences.ofMetadata(one.tree(), two.tree(), rules(one));
      long lookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      restMillis = Math.max(LOOK_MILLIS_MIN, REST_FACTOR * lookMillis);
    }
    if (!differences.isEmpty()) {
      console.line("Not equal after " + CONVERGE_SECONDS_MAX + " s, or a daemon ended:");
      show(differences);
    }
    return differences.isEmpty();
  }

  private boolean follow(DemoNode one, DemoNode two, OptionalInt seconds)
      throws IOException, InterruptedException {
    LagTable table = new LagTable(console);
    try (LagWatch _ = new LagWatch(one, two, table::add)) {
      if (seconds.isPresent()) {
        console.line("Making a change each second, for " + seconds.getAsInt() + " s:");
        table.header();
        new Changes(one, two).make(seconds.getAsInt(), stop);
      } else {
        console.line("Now change anything on either side, for example:");
        console.line("  cp ~/photo.jpg " + one.tree() + "/uploads/");
        console.line("  echo '<?php' > " + two.tree() + "/plugins/gallery/new.php");
        console.line("  replicator status --config " + one.config());
        console.line("Ctrl-C ends it.");
        table.header();
        stop.await();
      }
      awaitEqual(one, two);
    }
    table.summary();
    return verdict(one, two);
  }

  private boolean verdict(DemoNode one, DemoNode two) throws IOException {
    List<String> differences = TreeDifferences.ofEverything(one.tree(), two.tree(), rules(one));
    console.line(
        differences.isEmpty()
            ? "Compared by walking both: all "
                + TreeDifferences.count(one.tree(), rules(one))
                + " paths are equal in content, kind, mode, time and link text."
            : Count.of(differences.size(), "path differs", "paths differ") + ":");
    show(differences);
    return differences.isEmpty();
  }

  private void show(List<String> differences) {
    differences.stream()
        .limit(DIFFERENCES_SHOWN_MAX)
        .map(Text::printable)
        .forEach(line -> console.line("  " + line));
  }

  private static String millis(long nanos) {
    return Text.millis(TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  private static void remove(Path base) throws IOException {
    try (Stream<Path> found = Files.walk(base)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
