package dev.replicator.cli.daemon;

import dev.replicator.cli.control.StatusLine;
import dev.replicator.port.ServiceManager;
import dev.replicator.port.ServiceManager.Notice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A thread that beats by itself tells only that it lives itself. So each beat asks everything that
 * keeps the node going, and is told on when all have answered: if one of them hangs, the manager
 * hears no more and does what its watchdog is for. A root that failed has ended and been reported,
 * and is opened again: a restart of everything would not help it.
 */

/** Tells the service manager again and again that the node lives, and what it does. */
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration PERIOD_MAX = Duration.ofSeconds(10);

  /** So small a part of a period may go by before the state is told. */
  private static final int STATUS_PARTS = 4;

  private final Supplier<SortedMap<String, CompletableFuture<Void>>> pulses;
  private final Supplier<String> status;
  private final ServiceManager manager;
  private final Duration period;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private Optional<CompletableFuture<String>> asked = Optional.empty();

  private Heartbeat(
      Supplier<SortedMap<String, CompletableFuture<Void>>> pulses,
      Supplier<String> status,
      ServiceManager manager) {
    this.pulses = pulses;
    this.status = status;
    this.manager = manager;
    this.period = period(manager.watchdog());
    this.thread = Thread.ofPlatform().name("heartbeat").daemon().unstarted(this::run);
  }

  /** Twice within the time of the watchdog, and often enough for who looks at the status. */
  static Duration period(Optional<Duration> watchdog) {
    Duration half = watchdog.map(within -> within.dividedBy(2)).orElse(PERIOD_MAX);
    return half.compareTo(PERIOD_MAX) < 0 ? half : PERIOD_MAX;
  }

  /** Begins at once. */
  public static Heartbeat start(Daemon daemon, ServiceManager manager) {
    return start(daemon::pulses, () -> StatusLine.of(daemon), manager);
  }

  static Heartbeat start(
      Supplier<SortedMap<String, CompletableFuture<Void>>> pulses,
      Supplier<String> status,
      ServiceManager manager) {
    Heartbeat heartbeat = new Heartbeat(pulses, status, manager);
    heartbeat.thread.start();
    return heartbeat;
  }

  private void run() {
    try {
      do {
        awaitPulses();
        manager.tell(new Notice.Alive());
        tellStatus();
      } while (!stopping.await(period.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A root that settles what a crash left answers late, and many of them one after the other. */
  private void tellStatus() throws InterruptedException, ExecutionException {
    CompletableFuture<String> answer =
        asked.orElseGet(
            () -> CompletableFuture.supplyAsync(this::status, Thread::startVirtualThread));
    asked = Optional.of(answer);
    try {
      String text = answer.get(period.toNanos() / STATUS_PARTS, TimeUnit.NANOSECONDS);
      asked = Optional.empty();
      manager.tell(new Notice.Status(text));
    } catch (TimeoutException slow) {
      LOG.debug("the state is told with a later beat");
    }
  }

  /** A daemon that cannot say how it is lives all the same. */
  private String status() {
    try {
      return status.get();
    } catch (RuntimeException fault) {
      LOG.warn("cannot tell the state", fault);
      return "the state cannot be told";
    }
  }

  private void awaitPulses() throws InterruptedException, ExecutionException {
    SortedMap<String, CompletableFuture<Void>> asked = pulses.get();
    CompletableFuture<?>[] ends =
        asked.values().stream()
            .map(pulse -> pulse.handle((answer, ended) -> true))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture<Void> answered = CompletableFuture.allOf(ends);
    try {
      answered.get(period.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException slow) {
      String text = "no answer from " + String.join(", ", silent(asked));
      LOG.error("{}", text);
      manager.tell(new Notice.Status(text));
      answered.get();
    }
  }

  private static List<String> silent(SortedMap<String, CompletableFuture<Void>> asked) {
    return asked.entrySet().stream()
        .filter(pulse -> !pulse.getValue().isDone())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Ends it; nothing is told any more. */
  @Override
  public void close() throws InterruptedException {
    stopping.countDown();
    thread.interrupt();
    thread.join();
  }
}
