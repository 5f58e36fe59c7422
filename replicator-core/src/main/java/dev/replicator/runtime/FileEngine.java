package dev.replicator.runtime;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Event;
import dev.replicator.model.Dot;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A root replicated file by file. */
public final class FileEngine implements ReplicatedRoot {
  private static final Logger LOG = LoggerFactory.getLogger(FileEngine.class);

  /** A slow disk takes so long to sync what is left; twice that, and a service manager kills. */
  private static final long STOP_MILLIS_MAX = 20_000;

  private static final long REPORT_MILLIS_MAX = 2_000;

  private final EngineParts parts;
  private final Timings timings = new Timings();
  private final RootLoop loop;
  private final Reports reports;
  private final Retention retention;
  private final Verifier verifier;
  private final MissingVersions missing;
  private volatile Optional<RootReport> lastReport = Optional.empty();
  private volatile boolean started;
  private volatile boolean ended;

  public FileEngine(EngineParts parts) {
    this.parts = parts;
    this.loop = new RootLoop(parts, timings);
    this.verifier = new Verifier(parts, loop);
    this.reports = new Reports(parts, loop, timings, verifier);
    this.missing = new MissingVersions(parts, loop);
    this.retention = new Retention(parts, loop, missing);
  }

  @Override
  public String name() {
    return parts.name();
  }

  @Override
  public void start() {
    started = true;
    parts.afterApply().ifPresent(AfterApply::start);
    loop.start();
    retention.schedule();
  }

  @Override
  public void stop() {
    if (started && !ended) {
      loop.watching().close();
      loop.effects().lateWriters().lookAtOnce();
      loop.stop(STOP_MILLIS_MAX);
      parts.afterApply().ifPresent(AfterApply::close);
    }
    ended = true;
    verifier.close();
    loop.effects().close();
    try {
      parts.journal().close();
    } finally {
      parts.tree().close();
    }
  }

  @Override
  public CompletableFuture<RootEnd> ended() {
    return loop.ended();
  }

  @Override
  public RootReport report() {
    if (!started || ended || !loop.failure().isEmpty()) {
      return lastReport.map(reports::ended).orElseGet(() -> reports.notRunning(started));
    }
    try {
      RootReport report = onLoop(() -> reports.now()).get(REPORT_MILLIS_MAX, TimeUnit.MILLISECONDS);
      lastReport = Optional.of(report);
      return report;
    } catch (TimeoutException | ExecutionException busy) {
      LOG.debug("root {} is busy", parts.name());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return lastReport.orElseGet(() -> reports.notRunning(started));
  }

  @Override
  public CompletableFuture<Void> pulse() {
    // What a crash left is settled first, and may take its time: that is no hang.
    return loop.hasBegun()
        ? onLoop(parts::name).thenAccept(name -> {})
        : CompletableFuture.completedFuture(null);
  }

  private <T> CompletableFuture<T> onLoop(Supplier<T> question) {
    CompletableFuture<T> answer = loop.questions().open();
    loop.submit(() -> {
      try {
        answer.complete(question.get());
      } catch (RuntimeException broken) {
        answer.completeExceptionally(broken);
      }
    });
    return answer;
  }

  private <T> CompletableFuture<T> aside(Supplier<T> question) {
    CompletableFuture<T> answer = loop.questions().open();
    loop.effects()
        .aside(() -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException broken) {
            answer.completeExceptionally(broken);
          }
        });
    return answer;
  }

  @Override
  public void peersChanged(SortedMap<NodeId, String> namesOfPeers) {
    loop.peersChanged(namesOfPeers);
  }

  @Override
  public CompletableFuture<BarrierReport> barrier(BarrierOrder order) {
    CompletableFuture<BarrierReport> report = loop.questions().open();
    loop.ask(
        request ->
            new Event.BarrierAsked(
                request,
                order.scope(),
                order.peersNeeded(),
                order.timeout().toMillis(),
                order.durable()),
        answer -> {
          if (answer instanceof Answer.Barrier barrier) {
            report.complete(Reports.barrier(barrier));
          }
        });
    return report;
  }

  @Override
  public CompletableFuture<ResyncReport> resync(
      ResyncReport.Order order, Consumer<ResyncReport> progress) {
    CompletableFuture<ResyncReport> ended = loop.questions().open();
    long total = parts.journal().materialisedCount();
    if (order.dryRun()) {
      return aside(() -> countLocally(total))
          .thenCompose(differing -> compare(order, total, differing, progress, ended));
    }
    return compare(order, total, 0, progress, ended);
  }

  private long countLocally(long total) {
    try {
      return loop.effects().scans().count(RelativePath.ROOT);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return total;
    }
  }

  private CompletableFuture<ResyncReport> compare(
      ResyncReport.Order order,
      long total,
      long differing,
      Consumer<ResyncReport> progress,
      CompletableFuture<ResyncReport> ended) {
    loop.ask(
        request -> new Event.ResyncAsked(request, order.dryRun(), order.sinceStart()),
        answer -> {
          if (answer instanceof Answer.Resync resync) {
            ResyncReport report =
                new ResyncReport(
                    resync.ended(),
                    order.dryRun() ? total : loop.effects().scans().compared(),
                    total,
                    order.dryRun() ? differing : resync.repairedLocally(),
                    resync.comparedWithPeers(),
                    resync.differingWithPeers(),
                    resync.peersCompared(),
                    parts.journal().pendingCount(),
                    resync.examples());
            progress.accept(report);
            if (resync.ended()) {
              ended.complete(report);
            }
          }
        });
    return ended;
  }

  @Override
  public CompletableFuture<VerifyReport> verify(
      VerifyReport.Order order, Consumer<VerifyReport> progress) {
    if (!order.dryRun()) {
      loop.submit(missing::look);
    }
    return verifier.run(order, progress);
  }

  @Override
  public CompletableFuture<Explanation> explain(RelativePath path) {
    return onLoop(() -> reports.explain(path));
  }

  @Override
  public CompletableFuture<List<ConflictReport>> conflicts(ConflictKind kind, int limit) {
    return onLoop(() -> reports.conflicts(kind, limit));
  }

  @Override
  public CompletableFuture<CommandResult> resolve(RelativePath path, Dot chosen, Set<Dot> printed) {
    return command(
        request -> new Event.ResolveAsked(request, path, chosen, new TreeSet<>(printed)));
  }

  @Override
  public CompletableFuture<List<VersionReport>> history(RelativePath path, int limit) {
    return onLoop(() -> loop.replica().writers())
        .thenCompose(writers -> aside(() -> reports.history(path, limit, writers)));
  }

  @Override
  public CompletableFuture<CommandResult> restore(RelativePath path, Dot version) {
    return command(request -> new Event.RestoreAsked(request, path, version, false));
  }

  @Override
  public CompletableFuture<DeletedReport> deleted(
      RelativePath directory, long sinceMillis, int limit) {
    return aside(() -> new DeletedFiles(parts).list(directory, sinceMillis, limit));
  }

  @Override
  public CompletableFuture<RestoreReport> restoreDeleted(
      RestoreReport.Order order, Consumer<RestoreReport> progress) {
    return Restoration.run(parts, loop, order, progress);
  }

  @Override
  public CompletableFuture<CommandResult> pause() {
    return command(Event.PauseAsked::new);
  }

  @Override
  public CompletableFuture<CommandResult> resume() {
    return command(Event.ResumeAsked::new);
  }

  @Override
  public CompletableFuture<CommandResult> approve(boolean force) {
    if (force) {
      return command(Event.ApproveAsked::new);
    }
    // Of the disk itself: the usual hold is one right after a start, before any sweep.
    return aside(this::vaultBytes)
        .thenCompose(bytes -> onLoop(() -> reports.objection(bytes)))
        .thenCompose(objection ->
            objection
                .map(reason ->
                    CompletableFuture.<CommandResult>completedFuture(
                        new CommandResult.Refused(reason)))
                .orElseGet(() -> command(Event.ApproveAsked::new)));
  }

  private long vaultBytes() {
    try {
      return Retention.bytesMax(parts.vault());
    } catch (IOException unreadable) {
      LOG.warn("root {}: the disk of the vault tells no size: {}", parts.name(), unreadable);
      return HeldContent.UNKNOWN;
    }
  }

  private CompletableFuture<CommandResult> command(LongFunction<Event.Command> command) {
    CompletableFuture<CommandResult> result = loop.questions().open();
    loop.ask(
        command,
        answer -> {
          if (answer instanceof Answer.Refused refused) {
            result.complete(new CommandResult.Refused(refused.reason()));
          } else if (answer instanceof Answer.Done done) {
            result.complete(new CommandResult.Done(done.text()));
          }
        });
    return result;
  }

  @Override
  public void summary(Consumer<SummaryItem> consumer) {
    reports.summary(consumer);
  }
}
