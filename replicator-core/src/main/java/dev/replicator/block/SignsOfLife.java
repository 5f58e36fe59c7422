package dev.replicator.block;

import dev.replicator.port.CommandRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Answers whoever asks whether the thread of a root lives: it does when it says so itself, and as
 * long as a program that it runs has time left. A mount or the making of a file system takes
 * minutes, and a watchdog that ended the daemon meanwhile would only begin it anew.
 */
final class SignsOfLife implements CommandRunner {
  /** Between the deadline of a program and the return from it, on a busy machine. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final CommandRunner runner;
  private final ConcurrentLinkedQueue<CompletableFuture<Void>> asked =
      new ConcurrentLinkedQueue<>();
  private volatile Optional<Long> busyUntilNanos = Optional.empty();

  SignsOfLife(CommandRunner runner) {
    this.runner = runner;
  }

  @Override
  public Result run(List<String> arguments, Duration deadline)
      throws IOException, InterruptedException {
    busyUntilNanos = Optional.of(System.nanoTime() + deadline.plus(GRACE).toNanos());
    answer();
    try {
      return runner.run(arguments, deadline);
    } finally {
      busyUntilNanos = Optional.empty();
    }
  }

  /** Done with the next sign; from any thread. */
  CompletableFuture<Void> ask() {
    CompletableFuture<Void> sign = new CompletableFuture<>();
    asked.add(sign);
    if (busyUntilNanos.filter(end -> end - System.nanoTime() > 0).isPresent()) {
      answer();
    }
    return sign;
  }

  /** The thread lives. */
  void answer() {
    for (CompletableFuture<Void> sign = asked.poll(); sign != null; sign = asked.poll()) {
      sign.complete(null);
    }
  }

  /** It never answers again. */
  void end(Exception ended) {
    for (CompletableFuture<Void> sign = asked.poll(); sign != null; sign = asked.poll()) {
      sign.completeExceptionally(ended);
    }
  }
}
