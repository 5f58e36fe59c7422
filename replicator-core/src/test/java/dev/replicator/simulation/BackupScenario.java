package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.kernel.Event;
import dev.replicator.model.Identity;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.TreeMap;

/** Nodes of which the first may get an old journal and tree. */
abstract class BackupScenario {
  static final RelativePath F = RelativePath.of("f");
  static final RelativePath G = RelativePath.of("g");
  static final long STOP = 99;
  static final long MOMENT = 300;
  static final long ALONE = 10_000;

  SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
  SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  FakeJournal journal = new FakeJournal();
  final TreeMap<RelativePath, Thing> tree = new TreeMap<>();

  SimulatedNode one() {
    return cluster.node(0);
  }

  SimulatedNode two() {
    return cluster.node(1);
  }

  SimulatedNode three() {
    return cluster.node(2);
  }

  void nodes(int count) {
    cluster = new SimulatedCluster(7, count, false);
    user = new SimulatedUser(cluster, new Lineage());
  }

  void begin() {
    cluster.nodes().forEach(cluster::start);
    settle();
  }

  void settle() {
    cluster.settleAndApprove();
  }

  void stop(SimulatedNode node) {
    node.handle(new Event.StopAsked(STOP));
    cluster.run(5_000);
    node.kill();
  }

  void restart(SimulatedNode node) {
    stop(node);
    node.reboot();
    cluster.start(node);
  }

  void write(SimulatedNode node, RelativePath path, String text) {
    user.write(node, path, text);
    settle();
  }

  /** Journal and tree of node one, as of now: no marker tells of an unclean stop. */
  void backUp() {
    stop(one());
    journal = one().journal().image();
    tree.clear();
    tree.putAll(one().disk.things());
    cluster.start(one());
    settle();
  }

  /** All stop; node one gets its old journal. */
  void restore() {
    cluster.nodes().stream().filter(SimulatedNode::isUp).forEach(SimulatedNode::kill);
    one().restore(journal.image());
    one().reboot();
  }

  void restoreTree() {
    for (RelativePath path : List.copyOf(one().disk.things().keySet())) {
      one().disk.remove(path);
    }
    tree.forEach((path, thing) -> one().disk.put(path, thing.moved(one().nowNanos())));
  }

  void startAlone() {
    cluster.start(one());
    cluster.run(ALONE);
  }

  void othersCome() {
    cluster.nodes().stream().filter(node -> !node.isUp()).forEach(cluster::start);
    settle();
  }

  static String text(SimulatedNode node, RelativePath path) {
    return node.disk.find(path).map(Thing::text).orElse("nothing");
  }

  static Record record(SimulatedNode node, RelativePath path) {
    return node.journal().record(path).map(RecordState::record).orElseThrow();
  }

  static Identity identity(SimulatedNode node) {
    return node.journal().root().orElseThrow().identity();
  }

  void assertEverywhere(String expected, RelativePath path) {
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(expected, text(node, path), () -> path + " on " + node);
    }
  }

  long adopted() {
    return cluster.nodes().stream()
        .flatMap(node -> node.journal().recordsAfter(RelativePath.ROOT, 100).values().stream())
        .flatMap(stored -> stored.record().contents().elements().stream())
        .filter(element -> element.adopted())
        .count();
  }

  List<Identity> identities() {
    return cluster.nodes().stream().map(BackupScenario::identity).toList();
  }
}
