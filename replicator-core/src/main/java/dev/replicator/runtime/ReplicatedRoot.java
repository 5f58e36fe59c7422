package dev.replicator.runtime;

import dev.replicator.model.Dot;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One replicated tree as the daemon and the commands see it, whatever keeps it replicated. All
 * methods may be called from any thread; none blocks but {@link #stop}.
 */
public interface ReplicatedRoot {
  String name();

  /** Begins work: state goes from starting over scanning to live, without further calls. */
  void start();

  /** Ends work cleanly: nothing is half done afterwards. Returns within a few seconds. */
  void stop();

  /**
   * Completes when work has ended, asked for or not. Every question that is open then, and every
   * later one, fails with {@link RootEndedException}.
   */
  CompletableFuture<RootEnd> ended();

  RootReport report();

  /**
   * Completes once all that was asked before has been taken up: as long as it does, the root's
   * thread lives. Of a root that has ended, it fails like every question.
   */
  CompletableFuture<Void> pulse();

  /** Takes up added and removed peers while running. */
  void peersChanged(SortedMap<NodeId, String> namesOfPeers);

  /** Completes once every change made before this call is on the peers, as the order says. */
  CompletableFuture<BarrierReport> barrier(BarrierOrder order);

  /** Completes once every change below {@code scope} made before this call shows on the peers. */
  default CompletableFuture<BarrierReport> barrier(
      RelativePath scope, OptionalInt peersNeeded, Duration timeout) {
    return barrier(new BarrierOrder(scope, peersNeeded, timeout, false));
  }

  /**
   * Compares this tree, the journal and every connected peer in full and repairs what differs.
   *
   * @param progress called from the root's thread as counts grow
   */
  CompletableFuture<ResyncReport> resync(ResyncReport.Order order, Consumer<ResyncReport> progress);

  /**
   * Reads the content of all files again and compares it with what was put or read there. What is
   * damaged is healed from wherever its content can be had, and is a write of nobody's. Ends when
   * the answer is cancelled; fails with {@link VerifyRefusedException} while another one runs.
   *
   * @param progress called from several threads as counts grow
   */
  CompletableFuture<VerifyReport> verify(VerifyReport.Order order, Consumer<VerifyReport> progress);

  CompletableFuture<Explanation> explain(RelativePath path);

  /** Paths with versions that do not show. */
  CompletableFuture<List<ConflictReport>> conflicts(ConflictKind kind, int limit);

  /** Which hidden versions are meant. */
  enum ConflictKind {
    /** Somebody wrote them. */
    WRITTEN,
    /** They were found when two trees met, and lost. */
    ADOPTED
  }

  /**
   * Chooses {@code chosen} at {@code path}; supersedes exactly {@code printed}, the versions that
   * the user was shown.
   */
  CompletableFuture<CommandResult> resolve(RelativePath path, Dot chosen, Set<Dot> printed);

  CompletableFuture<List<VersionReport>> history(RelativePath path, int limit);

  /** Writes a version of {@link #history} or {@link #conflicts} back as a new change. */
  CompletableFuture<CommandResult> restore(RelativePath path, Dot version);

  /** What was deleted below {@code directory} since, and is not there now. */
  CompletableFuture<DeletedReport> deleted(RelativePath directory, long sinceMillis, int limit);

  /**
   * Writes the last version of each file that was deleted back, as {@link #restore} does, where
   * nothing is now. Ends when the answer is cancelled.
   *
   * @param progress called from one thread of its own as counts grow
   */
  CompletableFuture<RestoreReport> restoreDeleted(
      RestoreReport.Order order, Consumer<RestoreReport> progress);

  /** Stops touching the disk and sending, until {@link #resume}; survives a restart. */
  CompletableFuture<CommandResult> pause();

  CompletableFuture<CommandResult> resume();

  /**
   * Lets the deletions, or the replaced root, that are held pass.
   *
   * @param force also more of them than can be undone
   */
  CompletableFuture<CommandResult> approve(boolean force);

  /** Every path that is materialised, for a peer that wants to compare before it joins. */
  void summary(Consumer<SummaryItem> consumer);
}
