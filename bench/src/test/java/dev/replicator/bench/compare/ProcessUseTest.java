package dev.replicator.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessUseTest {
  @Test
  void countsWhatChildrenTookAsWell() {
    String stat = "42 (a name) of) S 1 2 3 4 5 6 7 8 9 10 100 20 3 4 20 0 1 0 55";

    assertEquals(127, ProcessUse.ticks(stat));
  }

  @Test
  void readsResidentMemory() {
    assertEquals(1_234, ProcessUse.resident("Name:\tjava\nVmRSS:\t    1234 kB\nThreads:\t1\n"));
  }

  @Test
  void knowsThisProcess() throws IOException {
    ProcessUse use = ProcessUse.of(List.of(ProcessHandle.current().pid()));

    assertTrue(use.residentKibibytes() > 0);
    assertTrue(use.processorNanos() > 0);
  }
}
