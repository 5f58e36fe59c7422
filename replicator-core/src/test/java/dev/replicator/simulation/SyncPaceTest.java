package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.replicator.kernel.Event;
import dev.replicator.model.RelativePath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While a file system syncs much, all that is done on it waits: the next sync has time. */
class SyncPaceTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final RelativePath G = RelativePath.of("g");

  private final SimulatedCluster cluster = new SimulatedCluster(7, 1, false);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  private final SimulatedNode node = cluster.node(0);

  @BeforeEach
  void begin() {
    cluster.start(node);
    cluster.settleAndApprove();
    node.stallSyncs();
    user.write(node, F, "first");
    for (int i = 0; node.syncsStarted().isEmpty() && i < 2_000; i++) {
      cluster.run(1);
    }
    assertFalse(node.syncsStarted().isEmpty(), "a sync runs");
  }

  private void endAfter(long millis) {
    cluster.run(millis);
    node.handle(new Event.Synced(node.syncsStarted().getLast()));
    user.write(node, G, "second");
  }

  @Test
  void aQuickSyncIsFollowedByTheNextWithinASecond() {
    endAfter(1);
    cluster.run(1_100);
    assertEquals(2, node.syncsStarted().size());
  }

  @Test
  void oneThatTakesLongIsFollowedByARestOfNineTimesAsMuch() {
    endAfter(400);
    cluster.run(3_500);
    assertEquals(1, node.syncsStarted().size());
    cluster.run(400);
    assertEquals(2, node.syncsStarted().size());
  }

  @Test
  void noRestIsLongerThanTenSeconds() {
    endAfter(60_000);
    cluster.run(9_000);
    assertEquals(1, node.syncsStarted().size());
    cluster.run(2_000);
    assertEquals(2, node.syncsStarted().size());
  }
}
