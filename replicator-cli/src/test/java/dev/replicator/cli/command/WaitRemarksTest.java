package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.cli.daemon.Daemon;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.NodeId;
import dev.replicator.runtime.BarrierReport;
import java.util.List;
import java.util.TreeMap;
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

  @Test
  void withDurableStableStorageIsWaitedForAndOfAPeerThatOnlyShowsItAllThatIsSaid() throws Failure {
    try (Daemon _ = daemon()) {
      FakeRoot site = roots.root("site");
      BarrierReport reached = FakeRoot.reached(BarrierReport.Outcome.TIMED_OUT, List.of());
      TreeMap<NodeId, BarrierReport.PeerBarrier> peers = new TreeMap<>(reached.peers());
      peers.replaceAll((_, _) -> new BarrierReport.PeerBarrier(false, 5, true, 0, false, true));
      site.barrier = new BarrierReport(reached.outcome(), peers, List.of());
      assertEquals(1, with("wait", "site:", "--durable", "--timeout", "1ms"));
      assertTrue(place.out().contains("shows everything, and has not told that it is on stable"));
      assertTrue(site.asked.stream().anyMatch(what -> what.endsWith(" durable")));
    }
  }
}
