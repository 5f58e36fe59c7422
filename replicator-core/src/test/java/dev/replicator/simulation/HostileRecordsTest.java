package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Event;
import dev.replicator.model.Attributes;
import dev.replicator.model.Change;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer with a valid key whose records break a limit only once they are merged. */
class HostileRecordsTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final RelativePath OTHER = RelativePath.of("other");

  private final SimulatedCluster cluster = new SimulatedCluster(7, 3, false);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());

  @BeforeEach
  void begin() {
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
  }

  private static Record siblings(int first, int count) {
    List<Element<Entry>> contents = new ArrayList<>();
    VersionVector context = VersionVector.EMPTY;
    for (int replica = first; replica < first + count; replica++) {
      Dot dot = new Dot(new ReplicaId(replica), 1);
      Entry.File file = new Entry.File(Thing.digest("sibling " + replica), 10);
      contents.add(Element.written(dot, file, replica, List.of()));
      context = context.with(dot);
    }
    Siblings<Instant> mtimes = Siblings.none();
    Siblings<Attributes> attributes = Siblings.none();
    return new Record(context, Siblings.of(contents), mtimes, attributes);
  }

  private static Record vector(int first, int count) {
    TreeMap<ReplicaId, Long> counters = new TreeMap<>();
    for (int replica = first; replica < first + count; replica++) {
      counters.put(new ReplicaId(replica), 1L);
    }
    return Record.unknown(VersionVector.of(counters)).merge(siblings(first, 1));
  }

  private void tells(Record record) {
    tells(1, 0, record);
  }

  private void tells(int liar, int victim, Record record) {
    Message told = new Message.Told(List.of(new Change(0, F, record, 0)));
    cluster.node(victim).handle(new Event.Received(cluster.node(liar).id, told));
  }

  private static Record written(Dot dot, Entry entry, long clock) {
    return new Record(
        VersionVector.of(dot),
        Siblings.of(List.of(Element.written(dot, entry, clock, List.of()))),
        Siblings.none(),
        Siblings.none());
  }

  private void assertGoesOn() {
    assertTrue(cluster.node(0).isUp());
    user.write(cluster.node(1), OTHER, "honest");
    cluster.settleAndApprove();
    assertEquals("honest", cluster.node(0).disk.find(OTHER).orElseThrow().text());
  }

  @Test
  void cannotStopARootByMoreConcurrentVersionsThanARecordHolds() {
    tells(siblings(1_000, 60));
    tells(siblings(2_000, 60));

    int held = cluster.node(0).journal().record(F).orElseThrow().record().contents().size();
    assertEquals(Limits.SIBLINGS_KEPT_MAX, held);
    user.write(cluster.node(0), F, "by a user");
    assertGoesOn();
  }

  @Test
  void cannotStopARootByMoreReplicasThanAVectorHolds() {
    tells(vector(1_000, Limits.VECTOR_REPLICAS_MAX - 100));
    tells(vector(100_000, Limits.VECTOR_REPLICAS_MAX - 100));

    user.write(cluster.node(0), F, "by a user");
    assertGoesOn();
  }

  @Test
  void keepsEachOfSeveralContentsThatAreToldUnderOneVersion() {
    Dot dot = new Dot(new ReplicaId(9), 1);
    for (int node = 0; node < 2; node++) {
      String text = "content " + node;
      cluster.nodes().forEach(each -> each.disk.keep(text));
      Entry.File file = new Entry.File(Thing.digest(text), text.length());
      tells(2, node, written(dot, file, 10 + node));
    }

    cluster.settleAndApprove();

    for (SimulatedNode node : cluster.nodes()) {
      Record record = node.journal().record(F).orElseThrow().record();
      assertEquals("content 1", node.disk.find(F).orElseThrow().text());
      assertTrue(record.isConflict(), record::toString);
      assertTrue(node.alarms.stream().anyMatch(text -> text.startsWith("two contents under one")));
    }
    assertGoesOn();
  }

  @Test
  void drawsNotOneIdentityAfterTheOtherBecauseAPeerSaysSo() {
    TreeSet<ReplicaId> lives = new TreeSet<>();
    for (int round = 0; round < 3 * Limits.REBIRTHS_MAX; round++) {
      ReplicaId self = cluster.node(0).journal().root().orElseThrow().identity().replica();
      lives.add(self);
      tells(written(new Dot(self, 1_000_000), Entry.DIRECTORY, 1));
      cluster.settle(1_000, 10_000);
    }

    assertEquals(Limits.REBIRTHS_MAX + 1, lives.size());
    cluster.node(0).kill();
    cluster.start(cluster.node(0));
    cluster.settleAndApprove();
    assertGoesOn();
  }

  @Test
  void writesAboveTheHighestClockThatThereIs() {
    Dot dot = new Dot(new ReplicaId(9), Long.MAX_VALUE);
    cluster.node(1).disk.keep("hostile");
    Entry.File file = new Entry.File(Thing.digest("hostile"), 7);
    tells(written(dot, file, Long.MAX_VALUE));
    cluster.settleAndApprove();

    user.write(cluster.node(0), F, "by a user");
    cluster.settleAndApprove();

    Record record = cluster.node(1).journal().record(F).orElseThrow().record();
    assertEquals(Long.MAX_VALUE, record.contents().elements().getFirst().clock());
    assertEquals("by a user", cluster.node(1).disk.find(F).orElseThrow().text());
  }
}
