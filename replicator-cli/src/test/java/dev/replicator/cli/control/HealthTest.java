package dev.replicator.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.block.ArbiterReports;
import dev.replicator.block.Assessment;
import dev.replicator.block.BlockStatus;
import dev.replicator.block.Connection;
import dev.replicator.block.DiskState;
import dev.replicator.block.Drbd;
import dev.replicator.block.Progress;
import dev.replicator.block.Replication;
import dev.replicator.block.Role;
import dev.replicator.cli.FakeRoot;
import dev.replicator.model.Census;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Arbiter;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RootReport;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class HealthTest {
  private static final NodeId PEER = FakeRoot.node("02");

  private final FakeRoot root = new FakeRoot("site", "/site");
  private final TreeMap<String, BlockStatus> blocks = new TreeMap<>();
  private final NodeView node = new View();
  private long startedMillis;

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
      return startedMillis;
    }

    @Override
    public long readyLagMillis() {
      return 1_000;
    }

    @Override
    public EventRing events() {
      return EventRing.ofDaemon();
    }

    @Override
    public Arbiter arbiter() {
      return _ -> Arbiter.Verdict.REFUSED;
    }

    @Override
    public List<ArbiterReports.Report> arbiters() {
      return List.of();
    }

    @Override
    public SortedMap<String, ReplicatedRoot> roots() {
      TreeMap<String, ReplicatedRoot> roots = new TreeMap<>();
      roots.put("site", root);
      return roots;
    }

    @Override
    public SortedMap<String, BlockStatus> blocks() {
      return blocks;
    }

    @Override
    public List<PeerView> peers() {
      return List.of(
          new PeerView(
              "web2", PEER, "web2:7411", true, "", 300, 1_000, 2_000, Optional.empty(), false, ""));
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
  void aPeerThatLagsNeverMakesThisNodeUnready() {
    root.peers.put(PEER, FakeRoot.peer(true, OptionalLong.of(99_000)));
    assertEquals(List.of(), Health.notReady(node));
  }

  @Test
  void aNodeThatLagsBehindAConnectedPeerIsNotReady() {
    root.peers.put(PEER, FakeRoot.peer(true, OptionalLong.of(0)));
    root.standing = new RootReport.Standing(true, false, 1_000);
    assertEquals(List.of(), Health.notReady(node));
    root.standing = new RootReport.Standing(true, false, 1_001);
    assertEquals(
        List.of("root site does not show what peers wrote 1001 ms ago"), Health.notReady(node));
  }

  @Test
  void aNodeThatLacksWhatOnlyAPeerHasThatIsAwayIsReady() {
    root.peers.put(PEER, FakeRoot.peer(false, OptionalLong.empty()));
    root.standing = new RootReport.Standing(true, false, 99_000);
    assertEquals(List.of(), Health.notReady(node));
  }

  @Test
  void aRootThatLacksMoreThanItShowsIsNotReadyWhileAPeerMayServe() {
    root.pendingMore = 200;
    root.peers.put(PEER, FakeRoot.peer(false, OptionalLong.empty()));
    assertEquals(List.of(), Health.notReady(node));
    root.peers.put(PEER, FakeRoot.peer(true, OptionalLong.of(0)));
    root.pendingMore = 100;
    assertEquals(List.of(), Health.notReady(node));
    root.pendingMore = 101;
    assertEquals(
        List.of("root site is being filled: 101 paths are pending"), Health.notReady(node));
    root.census = new Census(101, 0, 0);
    assertEquals(List.of(), Health.notReady(node));
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

  private void neverMerged(boolean connected) {
    root.standing = new RootReport.Standing(false, false, 0);
    root.peers.put(
        PEER, new RootReport.PeerReport(connected, OptionalLong.of(0), 0, 0, false, false, false));
  }

  @Test
  void aRootThatNeverMergedIsNotReadyWhileAPeerIsConnected() {
    neverMerged(true);
    assertEquals(List.of("root site has not merged with any peer yet"), Health.notReady(node));
  }

  @Test
  void filesAreServedThoughTheOnlyPeerWasNeverStarted() {
    neverMerged(false);
    assertEquals(List.of(), Health.notReady(node));
    startedMillis = Long.MAX_VALUE;
    assertEquals(List.of("root site has not merged with any peer yet"), Health.notReady(node));
  }

  @Test
  void anEmptyRootThatNeverMergedIsNotReady() {
    neverMerged(false);
    root.census = Census.NONE;
    assertEquals(List.of("root site has not merged with any peer yet"), Health.notReady(node));
  }

  @Test
  void theLastOfAnOldSiteIsReadyWhileItsReplacementJoins() {
    neverMerged(true);
    root.standing = RootReport.Standing.NONE;
    assertEquals(List.of(), Health.notReady(node));
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

  private static Drbd drbd(Connection link, Replication replication, DiskState peersDisk) {
    return new Drbd(
        Role.PRIMARY,
        false,
        DiskState.UP_TO_DATE,
        link,
        Role.UNKNOWN,
        replication,
        peersDisk,
        OptionalLong.of(3));
  }

  private String metricsOf(Assessment assessment, Drbd drbd, Optional<Progress> progress) {
    blocks.put(
        "disk",
        new BlockStatus(assessment, Optional.of(drbd), progress, drbd.outOfSyncKib(), true));
    return MetricsPage.write(node);
  }

  @Test
  void metricsTellASplitBrain() {
    assertFalse(MetricsPage.write(node).contains("replicator_block"));
    Drbd state = drbd(Connection.STAND_ALONE, Replication.OFF, DiskState.UNKNOWN);
    String metrics = metricsOf(new Assessment.SplitBrain(state), state, Optional.empty());
    for (String line :
        List.of(
            "replicator_block_split_brain{root=\"disk\"} 1.0",
            "replicator_block_standing{root=\"disk\",standing=\"person\"} 1.0",
            "replicator_block_standing{root=\"disk\",standing=\"healthy\"} 0.0",
            "replicator_block_role{root=\"disk\",state=\"Primary\"} 1.0",
            "replicator_block_connection{root=\"disk\",state=\"StandAlone\"} 1.0",
            "replicator_block_peer_disk_state{root=\"disk\",state=\"DUnknown\"} 1.0",
            "replicator_block_out_of_sync_bytes{root=\"disk\"} 3072.0",
            "replicator_block_mounted{root=\"disk\"} 1.0")) {
      assertTrue(metrics.contains(line), line);
    }
    assertFalse(metrics.contains("replicator_block_sync_ratio{"), metrics);
  }

  @Test
  void metricsTellHowFarASyncIs() {
    Drbd state = drbd(Connection.CONNECTED, Replication.SYNC_SOURCE, DiskState.INCONSISTENT);
    String metrics =
        metricsOf(new Assessment.Syncing(state), state, Optional.of(new Progress(false, 30, 120)));
    assertTrue(metrics.contains("replicator_block_split_brain{root=\"disk\"} 0.0"), metrics);
    assertTrue(metrics.contains("replicator_block_sync_ratio{root=\"disk\"} 0.75"), metrics);
  }
}
