package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is at one name goes to another on one node, and all nodes are to show the same. */
class RenameScenario {
  static final RelativePath OLD = RelativePath.of("media/old");
  static final RelativePath NEW = RelativePath.of("archive/new");
  static final long LIMIT_MILLIS = 120_000;
  private static final long QUIET_MILLIS = 10_000;

  final Lineage lineage = new Lineage();

  SimulatedUser user(SimulatedCluster cluster) {
    return new SimulatedUser(cluster, lineage);
  }

  static void settle(SimulatedCluster cluster) {
    assertTrue(cluster.settle(QUIET_MILLIS, LIMIT_MILLIS));
  }

  /** Nodes that run, and have the directories of both names. */
  SimulatedCluster begin(SimulatedCluster cluster) {
    cluster.nodes().forEach(cluster::start);
    SimulatedUser user = user(cluster);
    user.makeDirectory(cluster.node(0), OLD.parent());
    user.makeDirectory(cluster.node(0), NEW.parent());
    return cluster;
  }

  static void assertEqualDisks(SimulatedCluster cluster) {
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(shown(cluster.node(0)), shown(node), node::toString);
      assertEquals(
          cluster.node(0).disk.things().keySet(), node.disk.things().keySet(), node::toString);
      assertEquals(0, node.journal().intents().size());
      assertEquals(0, node.journal().pendingCount());
    }
  }

  static Map<RelativePath, String> shown(SimulatedNode node) {
    Map<RelativePath, String> shown = new LinkedHashMap<>();
    node.disk
        .things()
        .forEach((path, thing) -> {
          if (thing.type() == EntryType.FILE) {
            shown.put(path, thing.text());
          }
        });
    return shown;
  }
}
