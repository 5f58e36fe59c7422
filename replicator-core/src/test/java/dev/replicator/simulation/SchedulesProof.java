package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.Proofs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Schedules by the thousand, on all cores: each seed draws its own users, crashes and partitions.
 *
 * <p>{@code -Dsimulation.from=} is the first seed: so that runs add up, each begins where the last
 * one ended.
 */
final class SchedulesProof {
  private static final long SCHEDULES = Proofs.count(5_000, 1_000_000);
  private static final long FROM = Long.getLong("simulation.from", RandomSchedule.LONG_SEEDS);

  /** Of so many one is run twice more, and both traces must be the same. */
  private static final long REPLAYED_ONE_IN = 100;

  private static final long NANOS_PER_MINUTE = 60_000_000_000L;

  private final AtomicLong next = new AtomicLong(FROM);
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

  @Test
  void everyScheduleEndsWithAllNodesEqualAndNothingLost() throws InterruptedException {
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
    assertEquals(List.of(), failures);
  }

  private void work() {
    for (long seed = next.getAndIncrement();
        seed < FROM + SCHEDULES;
        seed = next.getAndIncrement()) {
      try {
        RandomSchedule.run(seed);
        if (seed % REPLAYED_ONE_IN == 0) {
          assertEquals(RandomSchedule.trace(seed), RandomSchedule.trace(seed));
        }
      } catch (AssertionError | RuntimeException failure) {
        failures.add(seed + ": " + failure.getMessage());
      }
    }
  }
}
