package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The chunk lists of all files that are put together at once have to fit the heap. */
final class AdmissionTest {
  private static final long GIB = 1024L * 1024 * 1024;
  private final Admission admission = new Admission();

  private static Entry.File file(long bytes) {
    return new Entry.File(Digest.of(new byte[Digest.LENGTH_BYTES]), bytes);
  }

  @Test
  void shortListsWaitForNothing() throws Exception {
    try (Admission.Stay one = admission.enter(file(6 * GIB));
        Admission.Stay rest = admission.enter(file(2 * GIB));
        Admission.Stay picture = admission.enter(file(GIB / 16))) {
      assertEquals(0, admission.free());
    }
    assertEquals(Admission.CHUNKS_MAX, admission.free());
  }

  @Test
  void oneFileLeavesRoomForOthersHoweverLargeItIs() throws Exception {
    try (Admission.Stay backup = admission.enter(file(100 * GIB));
        Admission.Stay video = admission.enter(file(GIB))) {
      assertEquals(Admission.CHUNKS_MAX / 8, admission.free());
    }
  }

  @Test
  @Timeout(60)
  void longListsWaitForTheirTurn() throws Exception {
    AtomicBoolean entered = new AtomicBoolean();
    Thread other;
    try (Admission.Stay most = admission.enter(file(6 * GIB));
        Admission.Stay more = admission.enter(file(GIB))) {
      other = Thread.ofPlatform().start(() -> enter(entered));
      while (other.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertFalse(entered.get());
    }
    other.join();
    assertTrue(entered.get());
    assertEquals(Admission.CHUNKS_MAX, admission.free());
  }

  private void enter(AtomicBoolean entered) {
    try (Admission.Stay turn = admission.enter(file(2 * GIB))) {
      entered.set(true);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }
}
