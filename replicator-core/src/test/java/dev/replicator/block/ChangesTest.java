package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChangesTest {
  /** Less than the pause between two looks while DRBD's events are followed. */
  private static final Duration WELL_BEFORE_THE_PAUSE_ENDS = Duration.ofSeconds(10);

  private final FakeMachine machine = new FakeCluster().one;
  private final Changes changes = new Changes(machine);

  @AfterEach
  void close() {
    changes.close();
  }

  private void event() {
    machine.followers.forEach(follower -> follower.accept("change resource name:r0 role:Primary"));
  }

  /** Waits until the tool has lived from one look to the next. */
  private void follow() throws InterruptedException {
    changes.look();
    changes.await(() -> {});
    changes.look();
    assertEquals(1, machine.followers.size());
  }

  @Test
  void anEventIsAnsweredByALookAtOnce() throws Exception {
    follow();
    event();
    assertTimeoutPreemptively(WELL_BEFORE_THE_PAUSE_ENDS, () -> changes.await(() -> {}));
  }

  @Test
  void anEventDuringALookIsAnsweredByTheNextOne() throws Exception {
    follow();
    changes.look();
    event();
    assertTimeoutPreemptively(WELL_BEFORE_THE_PAUSE_ENDS, () -> changes.await(() -> {}));
  }

  @Test
  void whoeverCallsIsAnsweredWithoutALook() throws Exception {
    follow();
    AtomicInteger answered = new AtomicInteger();
    changes.call();
    assertTimeoutPreemptively(
        WELL_BEFORE_THE_PAUSE_ENDS,
        () ->
            changes.await(() -> {
              answered.incrementAndGet();
              event();
            }));
    assertEquals(1, answered.get());
  }

  @Test
  void looksEveryFewSecondsWithoutTheTool() {
    machine.hanging.add("drbdsetup");
    assertTimeoutPreemptively(
        WELL_BEFORE_THE_PAUSE_ENDS,
        () -> {
          for (int look : List.of(1, 2)) {
            changes.look();
            changes.await(() -> {});
          }
        });
    assertTrue(machine.followers.isEmpty());
  }

  @Test
  void endsTheToolWhenItIsClosed() throws Exception {
    follow();
    changes.close();
    assertTrue(machine.followers.isEmpty());
  }
}
