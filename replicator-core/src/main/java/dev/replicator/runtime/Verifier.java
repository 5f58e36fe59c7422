package dev.replicator.runtime;

import dev.replicator.model.Count;
import dev.replicator.port.Chronicle.Happening;
import dev.replicator.port.Chronicle.Kind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the content of a root read again, one time after the other. Thread-safe. */
final class Verifier {
  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);
  private static final int THREADS_MAX = 4;
  private static final long END_MILLIS_MAX = 2_000;

  private final EngineParts parts;
  private final RootLoop loop;
  private Optional<Run> running = Optional.empty();
  private volatile VerifyReport last = VerifyReport.NONE;
  private volatile long damagedEver;
  private boolean closed;

  /** One that runs. */
  private record Run(CompletableFuture<VerifyReport> ended, CountDownLatch working) {}

  Verifier(EngineParts parts, RootLoop loop) {
    this.parts = parts;
    this.loop = loop;
  }

  /** What the last one found that came to its end. */
  VerifyReport last() {
    return last;
  }

  /** Damaged files and links that were found since the start. */
  long damagedEver() {
    return damagedEver;
  }

  /** Ends early when the answer is cancelled. */
  CompletableFuture<VerifyReport> run(VerifyReport.Order order, Consumer<VerifyReport> progress) {
    CompletableFuture<VerifyReport> ended = loop.questions().open();
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, THREADS_MAX);
    Run run = new Run(ended, new CountDownLatch(threads));
    if (!begin(run)) {
      ended.completeExceptionally(
          new VerifyRefusedException("root " + parts.name() + " is being verified already"));
      return ended;
    }
    Verification verification = new Verification(parts, loop, order, progress, ended);
    List<Thread> workers =
        IntStream.range(0, threads)
            .mapToObj(number ->
                Thread.ofPlatform()
                    .name("verify-" + parts.name() + "-" + number)
                    .priority(Thread.MIN_PRIORITY)
                    .daemon()
                    .unstarted(() -> work(run, verification)))
            .toList();
    Future<?> unused = ended.whenComplete((report, failure) -> workers.forEach(Thread::interrupt));
    workers.forEach(Thread::start);
    return ended;
  }

  private synchronized boolean begin(Run run) {
    boolean free = !closed && running.isEmpty();
    running = free ? Optional.of(run) : running;
    return free;
  }

  private void work(Run run, Verification verification) {
    try {
      verification.work();
    } finally {
      run.working().countDown();
      if (run.working().getCount() == 0) {
        over(run, verification);
      }
    }
  }

  private synchronized void over(Run run, Verification verification) {
    if (running.equals(Optional.of(run))) {
      running = Optional.empty();
      VerifyReport report = verification.report(parts.clock().wallMillis());
      damagedEver += report.damaged();
      if (!run.ended().isDone()) {
        last = report;
        String found =
            Count.of(report.files(), "file")
                + " read again, "
                + report.damaged()
                + " damaged, "
                + report.healed()
                + " of them healed";
        LOG.info("root {}: {}", parts.name(), found);
        parts.chronicle().tell(Happening.of(parts.name(), Kind.VERIFIED, found));
        run.ended().complete(report);
      }
    }
  }

  /** Returns once nothing is read any more. */
  void close() {
    Optional<Run> last = end();
    if (last.isEmpty()) {
      return;
    }
    last.get().ended().cancel(false);
    try {
      if (!last.get().working().await(END_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
        LOG.warn("root {}: what is read again is slow to end", parts.name());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Optional<Run> end() {
    closed = true;
    return running;
  }
}
