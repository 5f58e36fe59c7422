package dev.replicator.cli.daemon;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.control.NodeView;
import dev.replicator.cli.control.StreamRoutes;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Text;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.ResyncReport;
import dev.replicator.runtime.RootReport;
import dev.replicator.runtime.VerifyReport;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Runs the engine for one command when no daemon does. */
public final class OneShot {
  /** Peers that are dialled, and can be reached, are there by then. */
  private static final long CONNECT_SECONDS_MAX = 10;

  private static final long SCAN_SECONDS_MAX = 600;
  private static final long STALLED_SECONDS_MAX = 30;
  private static final long LOOK_MILLIS = 50;

  private OneShot() {}

  /**
   * What is run, and for whom.
   *
   * @param only this root, or all of them
   * @param patience how long peers are waited for; those that are dialled from here never longer
   *     than they need
   * @param note hears whom it waits for, when that may take its time
   */
  public record Setting(
      Configuration configuration,
      Optional<String> only,
      Duration patience,
      RootFactory engine,
      NetworkFactory networks,
      Consumer<String> note) {}

  /** What is done with each root. */
  private interface Work {
    void run(Daemon daemon, ReplicatedRoot root) throws IOException, InterruptedException;
  }

  /**
   * Starts the engine, dials the peers, compares and repairs until everything is equal or no peer
   * can be reached, and ends again. Tells {@code sink} what a running daemon would. A dry run only
   * counts.
   *
   * @param content where it is told how reading all content again goes, before all else; empty when
   *     stamps are believed
   */
  public static void resync(
      Setting setting,
      boolean dryRun,
      Optional<StreamRoutes.LineOut> content,
      StreamRoutes.LineOut sink)
      throws Failure, IOException, InterruptedException {
    ResyncReport.Order sinceStart = new ResyncReport.Order(dryRun, true);
    VerifyReport.Order order = new VerifyReport.Order(dryRun, VerifyReport.Order.NO_LIMIT);
    run(
        setting,
        dryRun,
        (daemon, root) -> {
          if (content.isPresent()) {
            StreamRoutes.verify(root, order, content.get());
          }
          if (!dryRun) {
            StreamRoutes.resync(root, sinceStart, daemon::peers, line -> {});
            settle(daemon, root);
          }
          StreamRoutes.resync(root, sinceStart, daemon::peers, sink);
        });
  }

  /** Reads all content again, as {@link #resync} compares. */
  public static void verify(Setting setting, VerifyReport.Order order, StreamRoutes.LineOut sink)
      throws Failure, IOException, InterruptedException {
    run(setting, order.dryRun(), (daemon, root) -> StreamRoutes.verify(root, order, sink));
  }

  private static void run(Setting setting, boolean dryRun, Work work)
      throws Failure, IOException, InterruptedException {
    Daemon.Mode mode = dryRun ? Daemon.Mode.DRY_RUN : Daemon.Mode.ONE_SHOT;
    try (Daemon daemon =
        Daemon.start(setting.configuration(), mode, setting.engine(), setting.networks())) {
      Collection<ReplicatedRoot> roots =
          setting.only().isPresent()
              ? List.of(find(daemon, setting.only().get()))
              : List.copyOf(daemon.roots().values());
      awaitPeers(daemon, setting.patience(), setting.note());
      if (dryRun) {
        await(() -> roots.stream().allMatch(OneShot::hasMetItsPeers), CONNECT_SECONDS_MAX);
      } else {
        await(() -> roots.stream().noneMatch(OneShot::isScanning), SCAN_SECONDS_MAX);
      }
      for (ReplicatedRoot root : roots) {
        work.run(daemon, root);
      }
    }
  }

  private static ReplicatedRoot find(Daemon daemon, String name) throws Failure {
    ReplicatedRoot root = daemon.roots().get(name);
    if (root == null) {
      throw new Failure(ExitCode.USAGE, "no root \"" + name + "\" here");
    }
    return root;
  }

  private static void awaitPeers(Daemon daemon, Duration patience, Consumer<String> note)
      throws InterruptedException {
    whomToExpect(daemon.peers())
        .ifPresent(names ->
            note.accept(
                "waiting up to "
                    + Text.millis(patience.toMillis())
                    + " for "
                    + names
                    + " to connect to "
                    + daemon.listen()
                    + ": no address to dial"));
    long began = System.nanoTime();
    while (awaitsMore(daemon.peers(), Duration.ofNanos(System.nanoTime() - began), patience)) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** The names of those that have to dial this node. */
  static Optional<String> whomToExpect(List<NodeView.PeerView> peers) {
    List<String> names =
        peers.stream()
            .filter(peer -> peer.dialsUs() && !peer.connected())
            .map(NodeView.PeerView::name)
            .toList();
    return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
  }

  /** Whether somebody who is missing may still come. */
  static boolean awaitsMore(List<NodeView.PeerView> peers, Duration waited, Duration patience) {
    boolean early = waited.toSeconds() < CONNECT_SECONDS_MAX;
    return waited.compareTo(patience) < 0
        && peers.stream().anyMatch(peer -> !peer.connected() && (early || peer.dialsUs()));
  }

  private static boolean hasMetItsPeers(ReplicatedRoot root) {
    return root.report().peers().values().stream().allMatch(RootReport.PeerReport::connected);
  }

  private static boolean isScanning(ReplicatedRoot root) {
    return switch (root.report().state()) {
      case STARTING, SCANNING -> true;
      case LIVE, HELD, PAUSED, FAILED -> false;
    };
  }

  /** Waits for content that is on its way, as long as it gets less. */
  private static void settle(Daemon daemon, ReplicatedRoot root) throws InterruptedException {
    long missing = missing(root);
    while (missing > 0 && daemon.peers().stream().anyMatch(NodeView.PeerView::connected)) {
      long before = missing;
      await(() -> missing(root) < before, STALLED_SECONDS_MAX);
      missing = missing(root);
      if (missing >= before) {
        return;
      }
    }
  }

  private static long missing(ReplicatedRoot root) {
    RootReport report = root.report();
    return report.pending()
        + report.peers().values().stream()
            .filter(RootReport.PeerReport::connected)
            .mapToLong(peer -> peer.behind() + peer.pending())
            .sum();
  }

  private static void await(BooleanSupplier condition, long secondsMax)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
