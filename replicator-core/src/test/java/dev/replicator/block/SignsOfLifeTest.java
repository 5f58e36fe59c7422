package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.port.CommandRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SignsOfLifeTest {
  private static final CommandRunner.Result DONE = new CommandRunner.Result(0, "", "");
  private static final List<String> MOUNT = List.of("/usr/bin/mount");
  private static final Duration MINUTES = Duration.ofMinutes(3);

  /** More over than whatever grace there is. */
  private static final Duration LONG_OVER = Duration.ofDays(-1);

  private final List<CompletableFuture<Void>> asked = new ArrayList<>();
  private final SignsOfLife life =
      new SignsOfLife((_, _) -> {
        ask();
        return DONE;
      });

  private void ask() {
    asked.add(life.ask());
  }

  @Test
  void livesWhileAProgramRunsWithinItsDeadline() throws Exception {
    life.run(MOUNT, MINUTES);
    assertTrue(asked.getFirst().isDone());
  }

  @Test
  void answersWhoAskedBeforeTheProgramBegan() throws Exception {
    ask();
    assertFalse(asked.getFirst().isDone());
    life.run(MOUNT, MINUTES);
    assertTrue(asked.getFirst().isDone());
  }

  @Test
  void isSilentWhileAProgramOutlivesItsDeadline() throws Exception {
    life.run(MOUNT, LONG_OVER);
    assertFalse(asked.getFirst().isDone());
  }

  @Test
  void isSilentBetweenProgramsUntilTheThreadSpeaks() throws Exception {
    life.run(MOUNT, MINUTES);
    ask();
    assertFalse(asked.getLast().isDone());
    life.answer();
    assertTrue(asked.getLast().isDone());
  }

  @Test
  void failsWhoAskedWhenItEnds() {
    ask();
    life.end(new IOException("stopped"));
    assertTrue(asked.getFirst().isCompletedExceptionally());
  }
}
