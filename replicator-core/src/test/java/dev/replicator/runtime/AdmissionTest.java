package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The chunk lists of all files that are put together at once have to fit the heap. */
final class AdmissionTest {
  private static final long GIB = 1024L * 1024 * 1024;
  private final Admission admission = new Admission();

  private static Entry.File file(long bytes) {
    return new Entry.File(Digest.of(new byte[Digest.LENGTH_BYTES]), bytes);
  }

  @Test
  void smallFilesWaitForNothing() throws Exception {
    try (Admission.Stay all = admission.enter(file(100 * GIB));
        Admission.Stay small = admission.enter(file(1_000))) {
      assertEquals(0, admission.free());
    }
    assertEquals(Admission.CHUNKS_MAX, admission.free());
  }

  @Test
  void largeFilesWaitForTheirTurn() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    Thread other;
    try (Admission.Stay most = admission.enter(file(7 * GIB));
        Admission.Stay more = admission.enter(file(GIB))) {
      other =
          Thread.ofVirtual()
              .start(() -> {
                try (Admission.Stay turn = admission.enter(file(GIB))) {
                  entered.countDown();
                } catch (InterruptedException ending) {
                  Thread.currentThread().interrupt();
                }
              });
      assertEquals(0, admission.free());
      assertFalse(entered.getCount() == 0);
    }
    other.join();
    assertEquals(0, entered.getCount());
    assertEquals(Admission.CHUNKS_MAX, admission.free());
  }
}
