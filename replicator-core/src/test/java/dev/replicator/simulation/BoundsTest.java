package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Bounds;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What happens just where a bound is reached. */
class BoundsTest {
  private static final Bounds MOST = Bounds.ORDINARY;
  private static final int BATCH = 3;
  private static final RelativePath D = RelativePath.of("d");
  private static final RelativePath F = RelativePath.of("d/f");

  private static Bounds with(int batch, int waiting) {
    return new Bounds(
        MOST.inFlight(),
        MOST.work(),
        batch,
        MOST.window(),
        MOST.summary(),
        waiting,
        MOST.unreadScopes(),
        MOST.remembered(),
        MOST.groups(),
        MOST.groupMembers(),
        MOST.writersAwaited(),
        MOST.movedFileBytes(),
        MOST.restBytesPerSecond());
  }

  /** Without the mark of its end nobody would know that the peer has all, until the next change. */
  @Test
  void runThatIsJustFullEndsWithItsMark() {
    SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
    cluster.nodes().forEach(node -> node.bound(with(BATCH, MOST.waiting())));
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

  /**
   * A directory is deleted, and cannot be looked at; there is no room to remember that, and the
   * whole root was scanned just before.
   */
  @Test
  void barrierWaitsForWhatOnlyAScanToComeFinds() {
    SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
    SimulatedNode one = cluster.node(0);
    one.bound(with(MOST.batch(), 0));
    SimulatedUser user = new SimulatedUser(cluster, new Lineage());
    cluster.nodes().forEach(cluster::start);
    user.makeDirectory(one, D);
    user.write(one, F, "text");
    cluster.run(2_000);
    one.suffer(unreadable());
    user.write(one, RelativePath.of("g"), "text");
    cluster.run(50);
    one.suffer(Faults.NONE);
    cluster.run(2_000);

    user.delete(one, F);
    cluster.run(100);
    one.suffer(unreadable());
    user.delete(one, D);
    cluster.run(100);
    one.suffer(Faults.NONE);
    cluster.run(1_000);
    assertTrue(one.replica().isScanToCome() && cluster.node(1).disk.find(D).isPresent());

    RandomSchedule.askBarriers(cluster);
    Answer.Barrier told =
        assertInstanceOf(Answer.Barrier.class, one.answers.get(RandomSchedule.BARRIER));
    assertEquals(Answer.BarrierEnd.DONE, told.end());
    assertEquals(Optional.empty(), cluster.node(1).disk.find(D));
  }

  /** Nobody wrote the directory, and no other node was there yet. */
  @Test
  void deletionThatWaitsForTheFirstMergeIsFoundThoughThereAreTooMany() {
    SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
    SimulatedNode one = cluster.node(0);
    one.bound(with(MOST.batch(), 0));
    SimulatedUser user = new SimulatedUser(cluster, new Lineage());
    user.makeDirectory(one, D);
    cluster.start(one);
    cluster.run(3_000);
    user.write(one, F, "text");
    cluster.run(1_000);
    user.delete(one, F);
    user.delete(one, D);
    cluster.run(3_000);
    cluster.start(cluster.node(1));
    cluster.settleAndApprove();
    assertEquals(Optional.empty(), cluster.node(1).disk.find(D));
  }

  private static Faults unreadable() {
    List<Problem> kinds = List.of(Problem.of(Problem.Kind.INPUT_OUTPUT));
    return new Faults(new SplittableRandom(7), new Faults.Percent(100, 0, 0, 0, kinds), node -> {});
  }
}
