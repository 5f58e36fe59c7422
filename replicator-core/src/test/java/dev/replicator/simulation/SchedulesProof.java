package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.Proofs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Schedules by the thousand, on all cores: each seed draws its own users, crashes and partitions.
 *
 * <p>{@code -Dsimulation.from=} is the first seed and {@code -Dsimulation.schedules=} how many
 * there are: so that runs add up, each begins where the last one ended.
 */
final class SchedulesProof {
  private static final long SCHEDULES =
      Long.getLong("simulation.schedules", Proofs.count(5_000, 1_000_000));
  private static final long FROM = Long.getLong("simulation.from", Swarm.HONEST_SEEDS);

  private static final long NANOS_PER_MINUTE = 60_000_000_000L;

  private final Replays replays = new Replays(cluster -> {});
  private final AtomicLong counted = new AtomicLong();
  private final AtomicLong next = new AtomicLong(FROM);
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

  @Test
  void everyScheduleEndsWithAllNodesEqualAndNothingLost() throws InterruptedException {
    Proofs.tell("commit %s, %s".formatted(commit(), Runtime.version()));
    long began = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      threads.add(Thread.ofPlatform().name("schedules-" + i).start(this::work));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long aMinute = SCHEDULES * NANOS_PER_MINUTE / Math.max(1, System.nanoTime() - began);
    Proofs.tell(
        "seeds %d to %d, %d schedules a minute, %d failed"
            .formatted(FROM, FROM + SCHEDULES - 1, aMinute, failures.size()));
    Proofs.tell(
        "%d schedules, %d of them with %d acts done and %d kinds of fault that struck"
            .formatted(SCHEDULES, counted.get(), Swarm.ACTS_MIN, Swarm.FAULTS_MIN));
    assertEquals(List.of(), failures);
  }

  /** What was run; "dirty" when it was not all committed. */
  private static String commit() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=40").start();
      String told = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return told.isBlank() ? "unknown" : told.strip();
    } catch (IOException withoutGit) {
      return "unknown";
    }
  }

  private void work() {
    for (long seed = next.getAndIncrement();
        seed < FROM + SCHEDULES;
        seed = next.getAndIncrement()) {
      Replays.Ran ran = replays.run(seed);
      counted.addAndGet(ran.counts() ? 1 : 0);
      ran.failure()
          .ifPresent(failure -> {
            Proofs.tell("failed: " + failure);
            failures.add(failure);
          });
    }
  }
}
