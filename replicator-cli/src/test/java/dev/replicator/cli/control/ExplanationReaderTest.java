package dev.replicator.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import org.junit.jupiter.api.Test;

/** How it is said when a path is tried again. */
final class ExplanationReaderTest {
  private static final long NOW = 1_000;

  private static String words(Problem.Kind kind, long nextMillis, int tries) {
    return ExplanationReader.words(new Pending(Problem.of(kind), 0, nextMillis, tries), NOW);
  }

  @Test
  void aTimeToComeIsTold() {
    assertEquals(
        "disk full; tried 3 times, next at 1970-01-01T00:00:02Z",
        words(Problem.Kind.DISK_FULL, 2_000, 3));
  }

  @Test
  void aTimeThatIsOverIsNot() {
    assertEquals("disk full; tried 1 time", words(Problem.Kind.DISK_FULL, NOW, 1));
  }

  @Test
  void whatWasNotTriedYetMerelyWaits() {
    assertEquals("waiting", words(Problem.Kind.WAITING, NOW - 1, 0));
  }
}
