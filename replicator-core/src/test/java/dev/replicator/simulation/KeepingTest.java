package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Event;
import dev.replicator.model.Digest;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Versions that do not show are kept on every node. */
class KeepingTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final RelativePath G = RelativePath.of("g");

  private final SimulatedCluster cluster = new SimulatedCluster(5, 3, false);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  private final SimulatedNode one = cluster.node(0);
  private final SimulatedNode two = cluster.node(1);
  private final SimulatedNode three = cluster.node(2);

  @Test
  void historyTellsWhenAVersionWasWrittenAndNotWhenItLeft() {
    cluster.nodes().forEach(cluster::start);
    user.write(one, F, "first");
    cluster.settleAndApprove();
    long written =
        one.journal().record(F).orElseThrow().record().contents().elements().getFirst().clock()
            >> 16;
    two.kill();
    cluster.start(two);
    cluster.run(3_600_000);
    user.write(three, F, "second");
    cluster.settleAndApprove();
    for (SimulatedNode node : List.of(one, two)) {
      HistoryItem first = node.journal().history(F, 1).getFirst();
      assertEquals(written, first.writtenMillis());
      assertTrue(first.leftMillis() >= written + 3_000_000);
    }
  }

  @Test
  void hiddenVersionIsFetchedThoughItsContentWasInTheVaultBeforeASweep() {
    cluster.nodes().forEach(cluster::start);
    user.write(three, F, "template");
    cluster.settleAndApprove();
    user.write(one, F, "changed");
    cluster.settleAndApprove();
    TreeSet<Digest> swept = new TreeSet<>();
    swept.add(Thing.digest("template"));
    assertTrue(three.disk.isKept(swept.first()));
    three.disk.vault().remove(swept.first());
    three.handle(new Event.Swept(swept));

    cluster.links().forEach(SimulatedLink::cut);
    user.write(one, G, "template");
    cluster.run(300);
    user.write(two, G, "another");
    cluster.run(300);
    cluster.link(one, two).heal();
    cluster.settleAndApprove();
    List.of(one, two).forEach(node -> cluster.link(node, three).heal());
    cluster.settleAndApprove();

    assertEquals("another", three.disk.find(G).orElseThrow().text());
    assertTrue(three.disk.isKept(swept.first()));
  }

  /** A removal is begun, somebody else takes the file away, and the daemon is killed. */
  @Test
  void whatSomebodyTookAwayBeforeACrashIsNotTakenForKept() {
    cluster.nodes().forEach(cluster::start);
    user.write(three, F, "template");
    cluster.settleAndApprove();
    one.slowDown(300);
    user.delete(two, F);
    for (int millis = 0; one.journal().intent(F).isEmpty() && millis < 5_000; millis++) {
      cluster.run(1);
    }
    assertTrue(one.journal().intent(F).isPresent());
    user.delete(one, F);
    one.kill();
    cluster.start(one);
    cluster.settleAndApprove();

    cluster.links().forEach(SimulatedLink::cut);
    user.write(two, G, "template");
    cluster.run(300);
    user.write(three, G, "another");
    cluster.run(300);
    cluster.links().forEach(SimulatedLink::heal);
    cluster.settleAndApprove();

    assertEquals("another", one.disk.find(G).orElseThrow().text());
    assertTrue(one.disk.isKept(Thing.digest("template")));
  }
}
