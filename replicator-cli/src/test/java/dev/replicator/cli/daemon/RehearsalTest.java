package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  private static final long LOOK_NANOS = 1_000_000;

  /** A slow machine must not end it before the test does. */
  private static final Rehearsal.Extent LASTING = new Rehearsal.Extent(300, 60_000, 2_000);

  @TempDir Path home;

  @Test
  @Timeout(60)
  void replicatesFilesAndLeavesNothingBehind() throws Exception {
    Path stale = Files.createDirectories(home.resolve(Rehearsal.NAME).resolve("of a kill"));
    Rehearsal rehearsal =
        Rehearsal.begin(StateDirectory.prepare(home), new DriverRoots(), () -> 0, LASTING);
    await(() -> rehearsal.changes() > 0);
    assertFalse(Files.exists(stale));

    rehearsal.close();

    awaitNoThreads();
    assertFalse(Files.exists(home.resolve(Rehearsal.NAME)));
    assertTrue(Files.isDirectory(home.resolve(Rehearsal.KEYS)));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("it took too long");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** One that has done its last work may take a moment to end. */
  private static void awaitNoThreads() throws InterruptedException {
    await(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(RehearsalTest::isOfIt));
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
    AtomicInteger asked = new AtomicInteger();
    try (Rehearsal rehearsal =
        Rehearsal.begin(
            StateDirectory.prepare(home),
            new DriverRoots(),
            () -> asked.getAndIncrement() == 0 ? 0 : 1_000,
            LASTING)) {
      awaitNoThreads();
      assertTrue(rehearsal.changes() > 0);
      assertEquals(2, asked.get());
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
