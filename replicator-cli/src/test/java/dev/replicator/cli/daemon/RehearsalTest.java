package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  private static final long LOOK_NANOS = 1_000_000;

  @TempDir Path home;

  @Test
  @Timeout(60)
  void replicatesFilesAndLeavesNothingBehind() throws Exception {
    Path stale = Files.createDirectories(home.resolve(Rehearsal.NAME).resolve("of a kill"));
    Rehearsal rehearsal = Rehearsal.begin(StateDirectory.prepare(home), new DriverRoots(), () -> 0);
    while (rehearsal.changes() == 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    assertFalse(Files.exists(stale));

    rehearsal.close();

    assertTrue(rehearsal.changes() > 0);
    assertFalse(Files.exists(home.resolve(Rehearsal.NAME)));
    assertTrue(Files.isDirectory(home.resolve(Rehearsal.KEYS)));
    awaitNoThreads();
  }

  /** One that has done its last work may take a moment to end. */
  private static void awaitNoThreads() {
    while (Thread.getAllStackTraces().keySet().stream().anyMatch(RehearsalTest::isOfIt)) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Netty has one thread for the whole process; whoever needs it first starts it. */
  private static boolean isOfIt(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group != null
        && group.getName().equals(Rehearsal.NAME)
        && !thread.getName().startsWith("globalEventExecutor");
  }

  @Test
  @Timeout(60)
  void endsOnceTheNodeHasWorkOfItsOwn() throws Exception {
    AtomicLong work = new AtomicLong();
    try (Rehearsal rehearsal =
        Rehearsal.begin(StateDirectory.prepare(home), new DriverRoots(), work::get)) {
      while (rehearsal.changes() == 0) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
      work.set(1_000);
      awaitNoThreads();
      assertTrue(rehearsal.changes() < Rehearsal.CHANGES_MAX);
    }
  }

  @Test
  void failsQuietlyWhereItMayNotWrite() throws Exception {
    StateDirectory state = StateDirectory.prepare(home);
    Files.writeString(home.resolve(Rehearsal.NAME), "no directory");

    try (Rehearsal rehearsal =
        Rehearsal.begin(
            state,
            (config, link, setting) -> {
              throw new IllegalStateException("no root for a rehearsal");
            },
            () -> 0)) {
      rehearsal.await();
      assertEquals(0, rehearsal.changes());
    }
  }
}
