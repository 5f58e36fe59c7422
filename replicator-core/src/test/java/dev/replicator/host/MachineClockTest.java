package dev.replicator.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineClockTest {
  @Test
  void readsTheBootFromTheKernel(@TempDir Path proc) throws Exception {
    Files.createDirectories(proc.resolve("sys/kernel/random"));
    Files.writeString(proc.resolve("sys/kernel/random/boot_id"), "0f-12\n");
    Files.writeString(proc.resolve("stat"), "cpu  1 2 3\nctxt 5\nbtime 1700000000\n");

    MachineClock clock = MachineClock.open(proc);

    assertEquals("0f-12", clock.bootId());
    assertEquals(1_700_000_000_000L, clock.bootMillis());
  }

  @Test
  void takesEveryStartForABootWhereTheKernelDoesNotTell(@TempDir Path empty) {
    MachineClock one = MachineClock.open(empty);
    MachineClock other = MachineClock.open(empty);

    assertFalse(one.bootId().isEmpty());
    assertNotEquals(one.bootId(), other.bootId());
    assertEquals(0, one.bootMillis());
  }

  @Test
  void keepsOneBootForTheWholeProcess() {
    MachineClock clock = MachineClock.open();

    assertEquals(clock.bootId(), clock.bootId());
    assertTrue(clock.bootMillis() <= clock.wallMillis());
    assertTrue(clock.monotonicNanos() <= clock.monotonicNanos());
  }
}
