package dev.replicator.block;

import dev.replicator.model.Census;
import dev.replicator.model.Dot;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Chronicle;
import dev.replicator.port.CommandFollower;
import dev.replicator.port.CommandRunner;
import dev.replicator.runtime.BarrierOrder;
import dev.replicator.runtime.BarrierReport;
import dev.replicator.runtime.CommandResult;
import dev.replicator.runtime.ConflictReport;
import dev.replicator.runtime.DeletedReport;
import dev.replicator.runtime.Explanation;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RestoreReport;
import dev.replicator.runtime.ResyncReport;
import dev.replicator.runtime.RootEnd;
import dev.replicator.runtime.RootEndedException;
import dev.replicator.runtime.RootReport;
import dev.replicator.runtime.SummaryItem;
import dev.replicator.runtime.VaultReport;
import dev.replicator.runtime.VerifyRefusedException;
import dev.replicator.runtime.VerifyReport;
import dev.replicator.runtime.VersionReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A root that DRBD and OCFS2 keep, as the daemon sees it: one thread looks when DRBD says that
 * something changed, every second while the root is not healthy, and brings it up again whenever no
 * person has to decide. Nothing is ever permitted to it. That it ends, or the daemon, takes nothing
 * down: the mount goes on.
 */
public final class BlockRoot implements ReplicatedRoot, BlockRun.Listener {
  /** What stands for a watcher in its report. */
  public static final String WATCHER = "none: DRBD replicates blocks";

  private static final Logger LOG = LoggerFactory.getLogger(BlockRoot.class);

  /** Between two tries that failed, or that wait for a person. */
  private static final int LOOKS_BETWEEN_TRIES = 10;

  /** A tool of DRBD that is killed leaves half of what it did; none of the usual takes longer. */
  private static final long STEP_SECONDS_MAX = 60;

  private static final long STOP_MILLIS_MAX = 5_000;
  private static final String NOT_HERE = "DRBD replicates blocks of this root, and knows no paths";

  private final String name;
  private final BlockConfig config;
  private final String self;
  private final boolean observing;
  private final BlockDesk desk;
  private final SignsOfLife runner;
  private final Changes changes;
  private final ConfigurationFiles files;
  private final Chronicle chronicle;
  private final Thread thread;
  private final CompletableFuture<RootEnd> ended = new CompletableFuture<>();
  private final Set<CompletableFuture<Void>> waiting = ConcurrentHashMap.newKeySet();
  private volatile Optional<BlockStatus> status = Optional.empty();
  private volatile String lastEnding = "";

  /** Held while something is done. */
  private final Semaphore steps = new Semaphore(1);

  /** It is paused, or a command works on it. */
  private volatile boolean looksOn;

  /**
   * @param observing whether nothing may be done: it only looks
   * @param state a directory of its own, which remembers that it was paused
   */
  public BlockRoot(
      String name,
      BlockConfig config,
      String self,
      boolean observing,
      Path state,
      CommandRunner runner,
      CommandFollower follower,
      ConfigurationFiles files,
      Chronicle chronicle) {
    this.name = name;
    this.chronicle = chronicle;
    this.config = config;
    this.self = self;
    this.observing = observing;
    this.desk = new BlockDesk(state);
    this.runner = new SignsOfLife(runner);
    this.changes = new Changes(follower);
    this.files = files;
    this.thread = Thread.ofPlatform().name("block-" + name).unstarted(this::work);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() {
    if (ended.isDone()) {
      return;
    }
    try {
      awaitStep();
      thread.join(STOP_MILLIS_MAX);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    end(new RootEnd.Stopped());
  }

  /** What has begun is let end, and nothing begins after it. */
  private void awaitStep() throws InterruptedException {
    try {
      if (!steps.tryAcquire(STEP_SECONDS_MAX, TimeUnit.SECONDS)) {
        LOG.warn("root {}: what is being done does not end, and is broken off", name);
      }
    } finally {
      thread.interrupt();
    }
  }

  private void end(RootEnd how) {
    ended.complete(how);
    runner.end(new RootEndedException(endedText()));
    endBarriers();
  }

  private String endedText() {
    return "root " + name + " has ended";
  }

  private void work() {
    try {
      BlockRun run = fresh();
      int rest = 0;
      while (true) {
        changes.look();
        rest = Math.max(0, rest - 1);
        boolean left = lastEnding.isEmpty() && !isHealthy();
        Optional<Ending> ending = look(run, rest == 0 || left);
        if (ending.isPresent()) {
          rest = told(ending.get());
        }
        if (ending.isPresent() || looksOn) {
          run = fresh();
        }
        runner.answer();
        if (isHealthy()) {
          changes.await(runner::answer);
        } else {
          Thread.sleep(run.pause());
        }
      }
    } catch (InterruptedException stopped) {
      end(new RootEnd.Stopped());
    } catch (IOException | RuntimeException failure) {
      LOG.error("root {}", name, failure);
      end(new RootEnd.Failed(failure.toString()));
    } finally {
      changes.close();
    }
  }

  /** Takes a step of the run only where it is due, and nobody else works on the root. */
  private Optional<Ending> look(BlockRun run, boolean due)
      throws IOException, InterruptedException {
    boolean rests = observing || desk.isPaused();
    Optional<BlockDesk.Work> work = due && !rests ? desk.begin() : Optional.empty();
    // Whoever took it down meanwhile has said so before he let go.
    looksOn = rests || due && (work.isEmpty() || desk.isPaused());
    if (work.isEmpty()) {
      seen(run.status());
      return Optional.empty();
    }
    try (BlockDesk.Work _ = work.get()) {
      if (looksOn) {
        seen(run.status());
        return Optional.empty();
      }
      return step(run);
    }
  }

  private Optional<Ending> step(BlockRun run) throws InterruptedException {
    steps.acquire();
    try {
      Optional<Ending> ending = run.advance(this);
      run.lastStatus().ifPresent(this::seen);
      return ending;
    } finally {
      steps.release();
    }
  }

  private BlockRun fresh() {
    return new BlockRun(config, self, new Goal.Up(), Permits.NONE, runner, files, desk);
  }

  @Override
  public void acts(String step) {
    LOG.info("root {}: {}", name, step);
  }

  @Override
  public void waits(String what, Optional<Progress> progress) {
    // The state that is told with each change of it says so.
  }

  private void seen(BlockStatus now) {
    String before = status.map(one -> one.assessment().name()).orElse("");
    status = Optional.of(now);
    if (looksOn || isHealthy()) {
      // What our own run ended with is over: somebody else goes on, or has gone on.
      lastEnding = "";
    }
    if (!now.assessment().name().equals(before)) {
      String is = now.assessment().name() + ": " + now.assessment().reason();
      LOG.info("root {} is {}", name, is);
      tell(Chronicle.Kind.STATE, is);
    }
    endBarriers();
  }

  private void tell(Chronicle.Kind kind, String words) {
    chronicle.tell(Chronicle.Happening.of(name, kind, words));
  }

  /** Also by other options than those of the configuration: both serve. */
  private boolean isHealthy() {
    return standsAt(Assessment.Standing.HEALTHY)
        || status
            .map(BlockStatus::assessment)
            .filter(Assessment.KernelDiffers.class::isInstance)
            .isPresent();
  }

  private boolean standsAt(Assessment.Standing standing) {
    return status.map(now -> now.assessment().standing() == standing).orElse(false);
  }

  /** How many looks to take before the next try. */
  private int told(Ending ending) {
    return switch (ending) {
      case Ending.Reached _ -> {
        lastEnding = "";
        yield LOOKS_BETWEEN_TRIES;
      }
      case Ending.NeedsPerson _, Ending.TimedOut _, Ending.Failed _ -> {
        if (!ending.text().equals(lastEnding)) {
          LOG.warn("root {}: {}", name, ending.text());
          tell(Chronicle.Kind.PROBLEM, ending.text());
        }
        lastEnding = ending.text();
        yield LOOKS_BETWEEN_TRIES;
      }
    };
  }

  @Override
  public CompletableFuture<RootEnd> ended() {
    return ended;
  }

  @Override
  public CompletableFuture<Void> pulse() {
    CompletableFuture<Void> sign = runner.ask();
    changes.call();
    if (ended.isDone()) {
      sign.completeExceptionally(new RootEndedException(endedText()));
    }
    return sign;
  }

  @Override
  public RootReport report() {
    Optional<BlockStatus> now = status;
    String drbd = now.map(BlockStatus::drbdText).orElse("");
    return new RootReport(
        name,
        config.fileSystem().mountPoint(),
        state(now),
        reason(now),
        drbd.isEmpty() ? List.of() : List.of("DRBD: " + drbd),
        WATCHER,
        "",
        RootReport.Standing.NONE,
        Census.NONE,
        0,
        new TreeMap<>(),
        0,
        0,
        0,
        0,
        0,
        0,
        VaultReport.NONE,
        VerifyReport.NONE,
        0,
        new TreeMap<>(),
        new TreeMap<>());
  }

  /** What the last look saw; empty before the first. */
  public Optional<BlockStatus> status() {
    return status;
  }

  private RootReport.State state(Optional<BlockStatus> now) {
    if (ended.isDone()) {
      return RootReport.State.FAILED;
    }
    if (looksOn || desk.isPaused()) {
      return RootReport.State.PAUSED;
    }
    return now.map(one ->
            switch (one.assessment().standing()) {
              case HEALTHY, DEGRADED -> RootReport.State.LIVE;
              case ON_THE_WAY -> one.serves() ? RootReport.State.LIVE : RootReport.State.STARTING;
              case PERSON -> RootReport.State.HELD;
            })
        .orElse(RootReport.State.STARTING);
  }

  private String reason(Optional<BlockStatus> now) {
    String is =
        now.map(BlockStatus::assessment)
            .filter(one -> one.standing() != Assessment.Standing.HEALTHY)
            .map(one -> one.name() + ": " + one.reason())
            .orElse("");
    return lastEnding.isEmpty() || is.endsWith(lastEnding) ? is : is + "; " + lastEnding;
  }

  @Override
  public void peersChanged(SortedMap<NodeId, String> namesOfPeers) {
    // DRBD has its own peer, by the configuration.
  }

  /**
   * With protocol C a write that returned is on both disks; asked is only whether both are there,
   * and what is on its way to that is waited for.
   */
  @Override
  public CompletableFuture<BarrierReport> barrier(BarrierOrder order) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    waiting.add(over);
    endBarriers();
    return over.completeOnTimeout(null, order.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((_, _) -> waiting.remove(over))
        .thenApply(_ -> new BarrierReport(barrierOutcome(), new TreeMap<>(), List.of()));
  }

  private BarrierReport.Outcome barrierOutcome() {
    if (isHealthy()) {
      return BarrierReport.Outcome.DONE;
    }
    if (state(status) != RootReport.State.LIVE) {
      return BarrierReport.Outcome.NOT_LIVE;
    }
    return standsAt(Assessment.Standing.DEGRADED)
        ? BarrierReport.Outcome.PEER_OFFLINE
        : BarrierReport.Outcome.TIMED_OUT;
  }

  /** Answers whoever waits, unless there is something to wait for. */
  private void endBarriers() {
    if (ended.isDone()) {
      waiting.forEach(one -> one.completeExceptionally(new RootEndedException(endedText())));
    } else if (isHealthy() || state(status) != RootReport.State.LIVE) {
      waiting.forEach(one -> one.complete(null));
    }
  }

  @Override
  public CompletableFuture<ResyncReport> resync(
      ResyncReport.Order order, Consumer<ResyncReport> progress) {
    return CompletableFuture.failedFuture(
        new RootEndedException("DRBD resyncs by itself; `replicator block verify` compares"));
  }

  @Override
  public CompletableFuture<VerifyReport> verify(
      VerifyReport.Order order, Consumer<VerifyReport> progress) {
    return CompletableFuture.failedFuture(
        new VerifyRefusedException("DRBD keeps this root: `replicator block verify` compares"));
  }

  @Override
  public CompletableFuture<Explanation> explain(RelativePath path) {
    return CompletableFuture.completedFuture(
        new Explanation(
            NOT_HERE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "",
            "",
            "",
            new TreeMap<>()));
  }

  @Override
  public CompletableFuture<List<ConflictReport>> conflicts(ConflictKind kind, int limit) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<CommandResult> resolve(RelativePath path, Dot chosen, Set<Dot> printed) {
    return refused(NOT_HERE);
  }

  @Override
  public CompletableFuture<List<VersionReport>> history(RelativePath path, int limit) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<CommandResult> restore(RelativePath path, Dot version) {
    return refused(NOT_HERE);
  }

  @Override
  public CompletableFuture<DeletedReport> deleted(
      RelativePath directory, long sinceMillis, int limit) {
    return CompletableFuture.failedFuture(new RootEndedException(NOT_HERE));
  }

  @Override
  public CompletableFuture<RestoreReport> restoreDeleted(
      RestoreReport.Order order, Consumer<RestoreReport> progress) {
    return CompletableFuture.failedFuture(new RootEndedException(NOT_HERE));
  }

  /** Only looks from now on; what is up stays up. */
  @Override
  public CompletableFuture<CommandResult> pause() {
    return marked(true);
  }

  @Override
  public CompletableFuture<CommandResult> resume() {
    return marked(false);
  }

  private CompletableFuture<CommandResult> marked(boolean paused) {
    try {
      if (paused) {
        desk.pause();
      } else {
        desk.resume();
      }
      return CompletableFuture.completedFuture(new CommandResult.Done(""));
    } catch (IOException failed) {
      return refused(failed.toString());
    }
  }

  @Override
  public CompletableFuture<CommandResult> approve(boolean force) {
    return refused("what a person has to decide here is decided by `replicator block`");
  }

  private static CompletableFuture<CommandResult> refused(String reason) {
    return CompletableFuture.completedFuture(new CommandResult.Refused(reason));
  }

  @Override
  public void summary(Consumer<SummaryItem> consumer) {
    // No paths are known.
  }
}
