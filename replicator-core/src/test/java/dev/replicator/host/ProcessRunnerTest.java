package dev.replicator.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.port.CommandRunner.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProcessRunnerTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ProcessRunner runner = new ProcessRunner();

  private Result shell(String command) throws IOException, InterruptedException {
    return runner.run(List.of("/bin/sh", "-c", command), LONG);
  }

  @Test
  void tellsHowAProgramEnded() throws Exception {
    assertEquals(new Result(3, "out\n", "err\n"), shell("echo out; echo err >&2; exit 3"));
  }

  @Test
  void passesArgumentsAsTheyAre() throws Exception {
    Result result =
        runner.run(List.of("/bin/sh", "-c", "printf '%s|' \"$@\"", "sh", "a b", "$(x)", "*"), LONG);

    assertEquals("a b|$(x)|*|", result.output());
  }

  @Test
  void givesAProgramNothingToRead() throws Exception {
    assertEquals(new Result(0, "", ""), shell("cat"));
  }

  @Test
  void keepsOnlyTheBeginningOfALongOutput() throws Exception {
    Result result = shell("head -c 5000000 /dev/zero | tr '\\0' x");

    assertEquals(0, result.exitCode());
    assertEquals(1_024 * 1_024, result.output().length());
  }

  @Test
  void killsAProgramAtItsDeadline() {
    IOException late =
        assertTimeoutPreemptively(
            LONG,
            () ->
                assertThrows(
                    IOException.class,
                    () ->
                        runner.run(List.of("/bin/sh", "-c", "sleep 600"), Duration.ofMillis(50))));

    assertTrue(String.valueOf(late.getMessage()).contains("did not end"), late::toString);
  }

  @Test
  void doesNotWaitForWhatAProgramLeavesBehind() {
    Result result = assertTimeoutPreemptively(LONG, () -> shell("sleep 5 & echo started"));

    assertEquals("started\n", result.output());
  }

  /** An answer of which something is missing would be taken for what the machine is like. */
  @Test
  void missesNothingOnABusyMachine() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> busy =
        IntStream.range(0, 2 * Runtime.getRuntime().availableProcessors())
            .mapToObj(_ ->
                Thread.startVirtualThread(() -> {
                  while (!over.get()) {
                    Thread.onSpinWait();
                  }
                }))
            .toList();
    try {
      assertEquals(new Result(0, "out\n", "err\n"), shell("echo out; echo err >&2"));
    } finally {
      over.set(true);
      for (Thread thread : busy) {
        thread.join();
      }
    }
  }

  @Test
  void refusesAProgramWithoutAPath() {
    assertThrows(IOException.class, () -> runner.run(List.of("true"), LONG));
    assertThrows(IOException.class, () -> runner.run(List.of(), LONG));
    assertThrows(IOException.class, () -> runner.run(List.of("/nonexistent/program"), LONG));
  }
}
