package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AfterApplyQueueTest {
  /** As a monotonic clock may say it: below zero, and about to be above. */
  private static final long START = -1_000;

  private final AfterApplyQueue queue = new AfterApplyQueue();

  private static RelativePath path(int number) {
    return RelativePath.of("f" + number);
  }

  private void assertDueAfter(long nanos, long now) {
    assertEquals(OptionalLong.of(nanos), queue.waitNanos(now));
  }

  @Test
  void waitsForQuietAndNamesEachPathOnce() {
    assertEquals(OptionalLong.empty(), queue.waitNanos(START));
    queue.add(path(1), START);
    queue.add(path(2), START + 10);
    queue.add(path(1), START + 20);

    assertDueAfter(AfterApplyQueue.QUIET_NANOS, START + 20);
    assertDueAfter(0, START + 20 + AfterApplyQueue.QUIET_NANOS);
    assertEquals(List.of(path(1), path(2)), queue.take().names());
    assertTrue(queue.isEmpty());
  }

  @Test
  void isNotPutOffForEverByAStreamOfChanges() {
    long now = START;
    for (int i = 0; i < 100; i++) {
      queue.add(path(i), now);
      now += AfterApplyQueue.QUIET_NANOS / 2;
    }

    assertDueAfter(0, START + AfterApplyQueue.WAIT_NANOS_MAX);
  }

  @Test
  void namesNothingWhereThereAreTooMany() {
    for (int i = 0; i <= AfterApplyQueue.NAMES_MAX; i++) {
      queue.add(path(i), START);
    }
    queue.add(path(-1), START);

    assertTrue(queue.take().isUnnamed());
    queue.add(path(1), START);
    assertEquals(List.of(path(1)), queue.take().names());
  }

  @Test
  void namesNothingWhereTheNamesAreTooLong() {
    long each = 200;
    for (long bytes = 0; bytes <= AfterApplyQueue.NAMES_BYTES_MAX; bytes += each) {
      queue.add(RelativePath.of("%0200d".formatted(bytes)), START);
    }
    assertTrue(queue.take().isUnnamed());
  }

  @Test
  void tellsOfWhatFailedOnceMoreTogetherWithWhatCameSince() {
    queue.add(path(1), START);
    AfterApplyQueue.Batch batch = queue.take();
    queue.add(path(2), START + 5);
    queue.failed(batch, START + 10);

    assertDueAfter(AfterApplyQueue.AGAIN_NANOS_MIN, START + 10);
    queue.add(path(3), START + 20);
    assertDueAfter(AfterApplyQueue.AGAIN_NANOS_MIN - 10, START + 20);
    assertEquals(List.of(path(2), path(1), path(3)), queue.take().names());
  }

  @Test
  void triesLessAndLessOftenUntilItSucceeds() {
    queue.add(path(1), START);
    for (int i = 0; i < 20; i++) {
      queue.failed(queue.take(), START);
    }
    assertDueAfter(AfterApplyQueue.AGAIN_NANOS_MAX, START);

    queue.take();
    queue.succeeded();
    queue.add(path(1), START);
    assertDueAfter(AfterApplyQueue.QUIET_NANOS, START);
  }

  @Test
  void doesNotForgetThatAllMayHaveChanged() {
    queue.addUnnamed(START);
    AfterApplyQueue.Batch batch = queue.take();
    queue.add(path(1), START);
    queue.failed(batch, START);

    assertTrue(queue.take().isUnnamed());
  }
}
