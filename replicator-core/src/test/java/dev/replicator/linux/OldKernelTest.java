package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeException;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kernel without openat2, as a thread sees it that a filter of system calls denies it to. */
final class OldKernelTest {
  private static final int NO_NEW_PRIVILEGES = 38;
  private static final int SECCOMP = 22;
  private static final long FILTER = 2;
  private static final int OPENAT2 = 437;
  private static final int ALLOWED = 0x7fff_0000;
  private static final int FAILS = 0x0005_0000;
  private static final int ENOSYS = 38;
  private static final String REFUSAL = "openat2, of Linux 5.6 and later, is not to be had";

  private static final MethodHandle PRCTL =
      CLibrary.variadic("prctl", JAVA_INT, 1, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);

  private final Path base;

  OldKernelTest(@TempDir Path base) {
    this.base = base;
  }

  /** Loads the number of the call; allows it, but for openat2, which is not implemented. */
  private static MemorySegment program(Arena arena) {
    int[][] instructions = {
      {0x20, 0, 0}, {0x15, 0x0100, OPENAT2}, {0x06, 0, FAILS | ENOSYS}, {0x06, 0, ALLOWED}
    };
    MemorySegment code = arena.allocate(8L * instructions.length, 8);
    for (int line = 0; line < instructions.length; line++) {
      code.set(JAVA_SHORT, 8L * line, (short) instructions[line][0]);
      code.set(JAVA_SHORT, 8L * line + 2, (short) instructions[line][1]);
      code.set(JAVA_INT, 8L * line + 4, instructions[line][2]);
    }
    MemorySegment program = arena.allocate(16, 8);
    program.set(JAVA_SHORT, 0, (short) instructions.length);
    program.set(ADDRESS, 8, code);
    return program;
  }

  private static void loseOpenat2() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = CLibrary.state();
      int quiet = (int) PRCTL.invokeExact(state, NO_NEW_PRIVILEGES, 1L, MemorySegment.NULL, 0L, 0L);
      int filtered = (int) PRCTL.invokeExact(state, SECCOMP, FILTER, program(arena), 0L, 0L);
      assertEquals(0, quiet | filtered, "no filter of system calls");
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** On a thread of its own: it never gets the call back. */
  private static <T> T withoutOpenat2(Callable<T> work) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          loseOpenat2();
          return work.call();
        });
    Thread.ofPlatform().start(task);
    return task.get();
  }

  @Test
  void isToldInWordsWhenATreeIsOpened() throws Exception {
    TreeException refused =
        withoutOpenat2(() ->
            assertThrows(TreeException.class, () -> LinuxTree.open(base, base.resolve("state"))));

    assertTrue(refused.problem().toString().contains(REFUSAL), refused::toString);
  }

  @Test
  void isToldInWordsWhenAWatcherIsStarted() throws Exception {
    try (var watcher = new LinuxWatcher(base, MachineClock.open())) {
      IOException refused =
          withoutOpenat2(() -> assertThrows(IOException.class, () -> watcher.start(new Nothing())));

      assertEquals("cannot watch " + base + ": " + REFUSAL, refused.getMessage());
    }
  }

  private static final class Nothing implements Watcher.Listener {
    @Override
    public void changed(RelativePath path) {}

    @Override
    public void appeared(RelativePath directory) {}

    @Override
    public void suspect(RelativePath scope, String reason) {}

    @Override
    public void failed(String reason) {}
  }
}
