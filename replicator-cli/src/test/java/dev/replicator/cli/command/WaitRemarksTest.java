package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.cli.FakeRoot;
import dev.replicator.cli.daemon.Daemon;
import dev.replicator.cli.exit.Failure;
import dev.replicator.runtime.BarrierReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code wait} says besides that it is done. */
final class WaitRemarksTest extends CommandScenario {
  private static final String UNKNOWN = ": nothing of that name is known or was ever here";

  private String firstLine(String path) {
    return printed("wait", path).lines().findFirst().orElse("");
  }

  @Test
  void ofANameThatNobodyEverKnewItSaysThat() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").disk = "absent";
      assertEquals("site: done" + UNKNOWN, firstLine("site:no/such"));
    }
  }

  @Test
  void ofWhatIsThereItSaysNothingMore() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").disk = "file, 3 bytes";
      assertEquals("site: done", firstLine("site:a"));
    }
  }

  @Test
  void ofARootItSaysNothingMore() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").disk = "absent";
      assertEquals("site: done", firstLine("site:"));
    }
  }

  @Test
  void whatIsNotDoneHasItsOwnReason() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").disk = "absent";
      roots.root("site").barrier = FakeRoot.reached(BarrierReport.Outcome.TIMED_OUT, List.of());
      assertEquals(1, with("wait", "site:no/such", "--timeout", "1ms"));
      assertEquals("site: timed out", place.out().lines().findFirst().orElse(""));
    }
  }
}
