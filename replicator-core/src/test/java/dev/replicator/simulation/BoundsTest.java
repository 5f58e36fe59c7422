package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Bounds;
import dev.replicator.model.RelativePath;
import org.junit.jupiter.api.Test;

/** What happens just where a bound is reached. */
class BoundsTest {
  private static final int BATCH = 3;

  private static Bounds batches() {
    Bounds most = Bounds.ORDINARY;
    return new Bounds(
        most.inFlight(),
        most.work(),
        BATCH,
        most.window(),
        most.summary(),
        most.waiting(),
        most.unreadScopes(),
        most.remembered(),
        most.groups(),
        most.groupMembers(),
        most.writersAwaited());
  }

  /** Without the mark of its end nobody would know that the peer has all, until the next change. */
  @Test
  void runThatIsJustFullEndsWithItsMark() {
    SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
    cluster.nodes().forEach(node -> node.bound(batches()));
    SimulatedUser user = new SimulatedUser(cluster, new Lineage());
    for (int file = 0; file < BATCH; file++) {
      user.write(cluster.node(0), RelativePath.of("f" + file), "text");
    }
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
    RandomSchedule.askBarriers(cluster);
    for (SimulatedNode node : cluster.nodes()) {
      Answer.Barrier told =
          assertInstanceOf(Answer.Barrier.class, node.answers.get(RandomSchedule.BARRIER));
      assertEquals(Answer.BarrierEnd.DONE, told.end());
    }
  }
}
