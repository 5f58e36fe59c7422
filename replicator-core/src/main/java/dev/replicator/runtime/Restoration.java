package dev.replicator.runtime;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Event;
import dev.replicator.model.Count;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores what was deleted below a directory: some files at a time, each as if asked for alone.
 */
final class Restoration {
  private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

  /** Fewer than are fetched at once for all who ask. */
  private static final int UNDERWAY_MAX = 16;

  private static final int LEFT_LISTED_MAX = 100;

  private final EngineParts parts;
  private final RootLoop loop;
  private final RestoreReport.Order order;
  private final Consumer<RestoreReport> progress;
  private final DeletedFiles deleted;
  private final Semaphore underway = new Semaphore(UNDERWAY_MAX);
  private final List<RestoreReport.Left> left = new ArrayList<>();
  private long restored;
  private long bytes;
  private long back;
  private long occupied;
  private long failed;

  private Restoration(
      EngineParts parts,
      RootLoop loop,
      RestoreReport.Order order,
      Consumer<RestoreReport> progress) {
    this.parts = parts;
    this.loop = loop;
    this.order = order;
    this.progress = progress;
    this.deleted = new DeletedFiles(parts);
  }

  /** Ends early when the answer is cancelled: what was restored until then stays so. */
  static CompletableFuture<RestoreReport> run(
      EngineParts parts,
      RootLoop loop,
      RestoreReport.Order order,
      Consumer<RestoreReport> progress) {
    CompletableFuture<RestoreReport> ended = loop.questions().open();
    Restoration restoration = new Restoration(parts, loop, order, progress);
    Thread worker =
        Thread.ofPlatform()
            .name("restore-" + parts.name())
            .daemon()
            .unstarted(() -> restoration.work(ended));
    Future<?> unused = ended.whenComplete((report, failure) -> worker.interrupt());
    worker.start();
    return ended;
  }

  private void work(CompletableFuture<RestoreReport> ended) {
    try {
      deleted.each(order.directory(), order.sinceMillis(), this::take);
      underway.acquire(UNDERWAY_MAX);
      RestoreReport report = report(true);
      if (!order.dryRun()) {
        LOG.info(
            "root {}: {} restored of what was deleted below {}, {} not",
            parts.name(),
            Count.of(report.restored(), "file"),
            order.directory().isRoot() ? "the root" : order.directory(),
            report.failed() + report.occupied());
      }
      ended.complete(report);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      ended.completeExceptionally(broken);
    }
  }

  private boolean take(HistoryItem item) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("nobody waits for it any more");
    }
    boolean last = DeletedFiles.isLast(item);
    switch (deleted.now(item)) {
      case BACK -> {
        if (last) {
          isBack();
        }
      }
      case SOMETHING_ELSE -> {
        if (last) {
          isOccupied(item.path());
        }
      }
      case GONE -> {
        if (last) {
          restore(item);
        } else {
          fails(item.path(), "only earlier versions are here: a peer may have the last");
        }
      }
    }
    progress.accept(report(false));
    return true;
  }

  private void restore(HistoryItem item) throws InterruptedException {
    if (order.dryRun()) {
      if (deleted.isHere(item.version().entry())) {
        isRestored(item);
      } else {
        fails(item.path(), "its content is not here: it would be asked of the peers");
      }
      return;
    }
    underway.acquire();
    loop.ask(
        request -> new Event.RestoreAsked(request, item.path(), item.dot(), true),
        answer -> {
          answered(item, answer);
          underway.release();
        });
  }

  private void answered(HistoryItem item, Answer answer) {
    switch (answer) {
      case Answer.Done _ -> isRestored(item);
      case Answer.Occupied _ -> isOccupied(item.path());
      case Answer.Refused(String reason) -> fails(item.path(), reason);
      case Answer.Barrier _, Answer.Resync _ -> {}
    }
  }

  private synchronized void isRestored(HistoryItem item) {
    restored++;
    bytes += DeletedFiles.bytes(item);
  }

  private synchronized void isBack() {
    back++;
  }

  private synchronized void isOccupied(RelativePath path) {
    occupied++;
    leave(path, "something else is there now: it stays");
  }

  private synchronized void fails(RelativePath path, String why) {
    failed++;
    leave(path, why);
  }

  private synchronized void leave(RelativePath path, String why) {
    if (left.size() < LEFT_LISTED_MAX) {
      left.add(new RestoreReport.Left(path, why));
    }
  }

  private synchronized RestoreReport report(boolean ended) {
    return new RestoreReport(
        ended, restored, bytes, back, occupied, failed, ended ? List.copyOf(left) : List.of());
  }
}
