package dev.replicator.cli.daemon;

import dev.replicator.block.BlockRoot;
import dev.replicator.block.BlockStatus;
import dev.replicator.cli.exit.Failure;
import dev.replicator.journal.JournalCorruptException;
import dev.replicator.journal.JournalFormatException;
import dev.replicator.journal.JournalLockedException;
import dev.replicator.model.Dot;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.PeerLink;
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
import dev.replicator.runtime.VerifyReport;
import dev.replicator.runtime.VersionReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A full disk or a fault of ours ends a root, and the journal tells what was under way: opened
 * again it settles that as after a crash. So it is, after a pause that grows while it goes on
 * failing. A broken invariant is none of these: it would only break again, or do damage.
 */

/** A root that is opened again after it failed. */
final class LastingRoot implements ReplicatedRoot {
  private static final Logger LOG = LoggerFactory.getLogger(LastingRoot.class);
  private static final Duration PAUSE_FIRST = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(60);

  private final String name;
  private final Opening opening;
  private final LastingLink link;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CompletableFuture<RootEnd> ended = new CompletableFuture<>();
  private final Object changing = new Object();
  private volatile Optional<ReplicatedRoot> current;
  private volatile RootReport lastReport;
  private volatile String failure = "";
  private volatile SortedMap<NodeId, String> peers;
  private Duration pause = PAUSE_FIRST;
  private long openedNanos;

  /** Opens the root once more. */
  interface Opening {
    ReplicatedRoot open(PeerLink link, SortedMap<NodeId, String> peers) throws Failure;

    /** Why what is in the place of the root now must not be approved; empty where it may. */
    default Optional<String> objection() {
      return Optional.empty();
    }
  }

  private LastingRoot(
      String name,
      Opening opening,
      LastingLink link,
      SortedMap<NodeId, String> peers,
      Optional<ReplicatedRoot> first,
      RootReport report) {
    this.name = name;
    this.opening = opening;
    this.link = link;
    this.peers = new TreeMap<>(peers);
    this.current = first;
    this.lastReport = report;
  }

  /**
   * Opens it without starting it.
   *
   * @throws Failure when it cannot be opened the first time: then somebody is there to look
   */
  static LastingRoot open(
      String name, Opening opening, PeerLink link, SortedMap<NodeId, String> peers) throws Failure {
    LastingLink lasting = new LastingLink(link);
    ReplicatedRoot first = opening.open(lasting, peers);
    return new LastingRoot(name, opening, lasting, peers, Optional.of(first), first.report());
  }

  /**
   * The same of a root that was replicated here before: where its directory is not mounted yet, or
   * its disk is full, it is opened again and again once it is started, and other roots go on.
   *
   * @param path where it is
   */
  static LastingRoot openInTheEnd(
      String name, String path, Opening opening, PeerLink link, SortedMap<NodeId, String> peers)
      throws Failure {
    try {
      return open(name, opening, link, peers);
    } catch (Failure failure) {
      if (!mayPass(failure.getCause())) {
        throw failure;
      }
      var report = RootReport.unopened(name, path);
      var fresh = new LastingLink(link);
      var waiting = new LastingRoot(name, opening, fresh, peers, Optional.empty(), report);
      waiting.failure = failure.text();
      return waiting;
    }
  }

  /** Whether nobody has to do something about the journal. */
  private static boolean mayPass(@Nullable Throwable cause) {
    return cause instanceof IOException
        && !(cause instanceof JournalLockedException
            || cause instanceof JournalFormatException
            || cause instanceof JournalCorruptException);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start() {
    current.ifPresentOrElse(this::start, () -> openAside(failure));
  }

  private void openAside(String reason) {
    Thread.ofPlatform().daemon().name("reopen-" + name).start(() -> openAgain(reason));
  }

  private void start(ReplicatedRoot root) {
    openedNanos = System.nanoTime();
    Future<?> unused = root.ended().thenAccept(end -> ended(root, end));
    root.start();
  }

  private void ended(ReplicatedRoot root, RootEnd end) {
    switch (end) {
      case RootEnd.Stopped stopped -> {}
      case RootEnd.Broken broken -> LOG.error("root {} stays stopped: {}", name, broken.reason());
      case RootEnd.Failed failed ->
          Thread.ofPlatform()
              .daemon()
              .name("reopen-" + name)
              .start(() -> {
                retire(root, failed.reason());
                openAgain(failed.reason());
              });
    }
  }

  private void openAgain(String reason) {
    if (System.nanoTime() - openedNanos > PAUSE_MAX.toNanos()) {
      pause = PAUSE_FIRST;
    }
    String why = reason;
    try {
      while (!isStopping()) {
        failure = why;
        LOG.warn("root {} is opened again in {} s: {}", name, pause.toSeconds(), why);
        if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
        try {
          SortedMap<NodeId, String> known = peers;
          take(opening.open(link, known), known);
          return;
        } catch (Failure refused) {
          why = refused.text();
        } catch (RuntimeException broken) {
          LOG.error("root {} cannot be opened", name, broken);
          why = broken.toString();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void retire(ReplicatedRoot failed, String reason) {
    synchronized (changing) {
      failure = reason;
      lastReport = failed.report();
      current = Optional.empty();
    }
    link.detach();
    try {
      failed.stop();
    } catch (RuntimeException broken) {
      LOG.warn("root {} cannot be closed cleanly: {}", name, broken.toString());
    }
  }

  /**
   * @param known the peers that it was opened with
   */
  private void take(ReplicatedRoot fresh, SortedMap<NodeId, String> known) {
    synchronized (changing) {
      if (!isStopping()) {
        current = Optional.of(fresh);
        LOG.info("root {} is open again", name);
        start(fresh);
        if (!peers.equals(known)) {
          fresh.peersChanged(peers);
        }
        return;
      }
    }
    fresh.stop();
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  @Override
  public void stop() {
    Optional<ReplicatedRoot> last;
    synchronized (changing) {
      stopping.countDown();
      last = current;
    }
    last.ifPresent(ReplicatedRoot::stop);
    ended.complete(new RootEnd.Stopped());
  }

  @Override
  public CompletableFuture<RootEnd> ended() {
    return ended;
  }

  @Override
  public RootReport report() {
    Optional<ReplicatedRoot> root = current;
    return root.isPresent()
        ? root.get().report()
        : lastReport.failed(failure + "; it is opened again and again until that works");
  }

  /** Of a root that DRBD keeps, what was last seen of it. */
  Optional<BlockStatus> block() {
    return current.flatMap(
        root -> root instanceof BlockRoot block ? block.status() : Optional.empty());
  }

  @Override
  public CompletableFuture<Void> pulse() {
    return ask(ReplicatedRoot::pulse);
  }

  @Override
  public void peersChanged(SortedMap<NodeId, String> namesOfPeers) {
    synchronized (changing) {
      peers = new TreeMap<>(namesOfPeers);
      current.ifPresent(root -> root.peersChanged(namesOfPeers));
    }
  }

  private <T> CompletableFuture<T> ask(Function<ReplicatedRoot, CompletableFuture<T>> question) {
    return current
        .map(question)
        .orElseGet(() ->
            CompletableFuture.failedFuture(
                new RootEndedException("root " + name + " failed: " + failure)));
  }

  @Override
  public CompletableFuture<BarrierReport> barrier(BarrierOrder order) {
    return ask(root -> root.barrier(order));
  }

  @Override
  public CompletableFuture<ResyncReport> resync(
      ResyncReport.Order order, Consumer<ResyncReport> progress) {
    return ask(root -> root.resync(order, progress));
  }

  @Override
  public CompletableFuture<VerifyReport> verify(
      VerifyReport.Order order, Consumer<VerifyReport> progress) {
    return ask(root -> root.verify(order, progress));
  }

  @Override
  public CompletableFuture<Explanation> explain(RelativePath path) {
    return ask(root -> root.explain(path));
  }

  @Override
  public CompletableFuture<List<ConflictReport>> conflicts(ConflictKind kind, int limit) {
    return ask(root -> root.conflicts(kind, limit));
  }

  @Override
  public CompletableFuture<CommandResult> resolve(RelativePath path, Dot chosen, Set<Dot> printed) {
    return ask(root -> root.resolve(path, chosen, printed));
  }

  @Override
  public CompletableFuture<List<VersionReport>> history(RelativePath path, int limit) {
    return ask(root -> root.history(path, limit));
  }

  @Override
  public CompletableFuture<CommandResult> restore(RelativePath path, Dot version) {
    return ask(root -> root.restore(path, version));
  }

  @Override
  public CompletableFuture<DeletedReport> deleted(
      RelativePath directory, long sinceMillis, int limit) {
    return ask(root -> root.deleted(directory, sinceMillis, limit));
  }

  @Override
  public CompletableFuture<RestoreReport> restoreDeleted(
      RestoreReport.Order order, Consumer<RestoreReport> progress) {
    return ask(root -> root.restoreDeleted(order, progress));
  }

  @Override
  public CompletableFuture<CommandResult> pause() {
    return ask(ReplicatedRoot::pause);
  }

  @Override
  public CompletableFuture<CommandResult> resume() {
    return ask(ReplicatedRoot::resume);
  }

  @Override
  public CompletableFuture<CommandResult> approve(boolean force) {
    return opening
        .objection()
        .map(reason ->
            CompletableFuture.<CommandResult>completedFuture(new CommandResult.Refused(reason)))
        .orElseGet(() -> ask(root -> root.approve(force)));
  }

  @Override
  public void summary(Consumer<SummaryItem> consumer) {
    current.ifPresent(root -> root.summary(consumer));
  }
}
