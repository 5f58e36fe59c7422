package dev.replicator.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Arbiter;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RootReport;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class HealthTest {
  private static final NodeId PEER = FakeRoot.node("02");

  private final FakeRoot root = new FakeRoot("site", "/site");
  private final NodeView node = new View();

  /** A node with one root and one peer called {@code web2}. */
  private final class View implements NodeView {
    @Override
    public String name() {
      return "web1";
    }

    @Override
    public NodeId id() {
      return FakeRoot.node("01");
    }

    @Override
    public String listen() {
      return "127.0.0.1:7411";
    }

    @Override
    public long startedMillis() {
      return 0;
    }

    @Override
    public long readyLagMillis() {
      return 1_000;
    }

    @Override
    public Arbiter arbiter() {
      return (_, _) -> Arbiter.Verdict.REFUSED;
    }

    @Override
    public SortedMap<String, ReplicatedRoot> roots() {
      TreeMap<String, ReplicatedRoot> roots = new TreeMap<>();
      roots.put("site", root);
      return roots;
    }

    @Override
    public List<PeerView> peers() {
      return List.of(new PeerView("web2", PEER, "web2:7411", true, "", 300, 1_000, 2_000));
    }

    @Override
    public MessageJson reload() {
      return new MessageJson(true, "");
    }
  }

  @Test
  void aLiveRootIsReady() {
    assertEquals(List.of(), Health.notReady(node));
  }

  @Test
  void anOfflinePeerAloneNeverMakesANodeUnready() {
    root.peers.put(PEER, FakeRoot.peer(false, OptionalLong.empty()));
    assertEquals(List.of(), Health.notReady(node));
    root.peers.put(PEER, FakeRoot.peer(false, OptionalLong.of(99_000)));
    assertEquals(List.of(), Health.notReady(node));
  }

  @Test
  void aConnectedPeerThatLagsTooLongMakesItUnready() {
    root.peers.put(PEER, FakeRoot.peer(true, OptionalLong.of(1_000)));
    assertEquals(List.of(), Health.notReady(node));
    root.peers.put(PEER, FakeRoot.peer(true, OptionalLong.of(1_001)));
    assertEquals(List.of("root site: web2 lacks changes for 1001 ms"), Health.notReady(node));
  }

  @Test
  void aRootThatIsNotLiveSaysWhy() {
    root.state = RootReport.State.HELD;
    root.reason = "40 deletions";
    assertEquals(List.of("root site is held: 40 deletions"), Health.notReady(node));
  }

  @Test
  void aRootThatIsNotWatchedIsNotReady() {
    root.blind = "changes are found by scanning";
    assertEquals(List.of("root site: changes are found by scanning"), Health.notReady(node));
  }

  @Test
  void aRootThatNeverMergedWithAPeerIsNotReady() {
    root.peers.put(PEER, new RootReport.PeerReport(true, OptionalLong.of(0), 0, 0, false, false));
    assertEquals(List.of("root site has not merged with any peer yet"), Health.notReady(node));
  }

  @Test
  void metricsNameRootsAndPeersAndNeverPaths() {
    root.pend(RelativePath.of("secret-name.php"));
    root.peers.put(PEER, FakeRoot.peer(true, OptionalLong.of(1_500)));
    String metrics = MetricsPage.write(node);
    assertTrue(
        metrics.contains("replicator_lag_seconds{peer=\"web2\",root=\"site\"} 1.5"), metrics);
    assertTrue(metrics.contains("replicator_pending_files{root=\"site\"} 1.0"), metrics);
    assertTrue(
        metrics.contains("replicator_peer_bytes_total{direction=\"out\",peer=\"web2\"} 2000.0"),
        metrics);
    assertFalse(metrics.contains("secret-name"), metrics);
    assertTrue(
        metrics
            .lines()
            .filter(line -> !line.startsWith("#"))
            .allMatch(line -> line.startsWith("replicator_")),
        metrics);
  }

  @Test
  void thePageEscapesWhatComesFromOutside() {
    root.state = RootReport.State.FAILED;
    root.reason = "<script>alert(1)</script>";
    String page = StatusPage.write(StatusReader.read(node));
    assertFalse(page.contains("<script>"), page);
  }
}
