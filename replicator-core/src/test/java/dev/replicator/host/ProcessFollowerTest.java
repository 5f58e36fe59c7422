package dev.replicator.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.port.CommandFollower.Following;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProcessFollowerTest {
  private static final long SECONDS_MAX = 60;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Following shell(String command) throws IOException {
    return new ProcessFollower().follow(List.of("/bin/sh", "-c", command), lines::add);
  }

  private String next() throws InterruptedException {
    String line = lines.poll(SECONDS_MAX, TimeUnit.SECONDS);
    return line == null ? "none came" : line;
  }

  /** Ends once the program does. */
  private static void awaitEnd(Following following) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(SECONDS_MAX),
        () -> {
          while (following.isAlive()) {
            Thread.onSpinWait();
          }
        });
  }

  @Test
  void handsOverEachLineWhileTheProgramGoesOn() throws Exception {
    try (Following following = shell("echo one; echo two; exec sleep 1000")) {
      assertEquals("one", next());
      assertEquals("two", next());
      assertTrue(following.isAlive());
    }
  }

  @Test
  void endsTheProgramWhenItIsClosed() throws Exception {
    Following following = shell("echo one; exec sleep 1000");
    assertEquals("one", next());
    following.close();
    awaitEnd(following);
  }

  @Test
  void knowsThatAProgramEndedByItself() throws Exception {
    awaitEnd(shell("exit 3"));
  }

  @Test
  void countsAProgramThatClosedItsOutputAsEnded() throws Exception {
    awaitEnd(shell("exec >/dev/null; exec cat /dev/zero >/dev/null"));
  }

  /** As after a kill of the process, which takes all its threads at once. */
  @Test
  void theProgramEndsWithWhoeverStartedIt() throws Exception {
    CompletableFuture<Following> following = new CompletableFuture<>();
    Thread starter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                following.complete(shell("echo one; exec sleep 1000"));
                lines.take();
              } catch (IOException | InterruptedException failed) {
                following.completeExceptionally(failed);
              }
            });
    starter.join();
    awaitEnd(following.get());
  }

  @Test
  void cutsALineThatNeverEnds() throws Exception {
    try (Following _ = shell("head -c 100000 /dev/zero | tr '\\0' x; echo; echo after")) {
      assertEquals(8_192, next().length());
      assertEquals("after", next());
    }
  }

  @Test
  void refusesAProgramThatIsNotThere() {
    assertThrows(
        IOException.class,
        () -> new ProcessFollower().follow(List.of("/no/such/program"), lines::add));
    assertThrows(IOException.class, () -> new ProcessFollower().follow(List.of("sh"), lines::add));
  }
}
