package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Event;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Limits;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two nodes say of their records when everything is compared. */
class ComparisonTest {
  private static final int FILES = 3_000;
  private static final long REQUEST = 77;

  /** What a message is, in the trace of what the other node received. */
  private static final String RANGES = "message=CompareRanges[";

  private static final String PATHS = "message=Compare[";

  private final SimulatedCluster cluster = new SimulatedCluster(7, 2, true);
  private final SimulatedNode one = cluster.node(0);
  private final SimulatedNode two = cluster.node(1);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());

  private static RelativePath file(int number) {
    return RelativePath.of("%04d".formatted(number));
  }

  @BeforeEach
  void bothHoldTheSame() {
    for (int number = 0; number < FILES; number++) {
      user.write(one, file(number), "text " + number);
    }
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
    assertEquals(FILES, two.journal().recordsAfter(RelativePath.ROOT, Integer.MAX_VALUE).size());
  }

  private Answer.Resync compare(boolean dryRun) {
    return compare(dryRun, false);
  }

  private Answer.Resync compare(boolean dryRun, boolean sinceStart) {
    one.handle(new Event.ResyncAsked(REQUEST, dryRun, sinceStart));
    cluster.run(60_000);
    Answer.Resync told = assertInstanceOf(Answer.Resync.class, one.answers.get(REQUEST));
    assertTrue(told.ended());
    return told;
  }

  private long received(String what) {
    return cluster.traced().stream()
        .filter(line -> line.contains("Received[") && line.contains(what))
        .count();
  }

  private void forget(SimulatedNode node, int number) {
    node.journal().append(List.of(new JournalWrite.CollectRecord(file(number))));
  }

  /** So that the two differ without a change that would have been told. */
  private void takeBack(SimulatedNode node, int number, RecordState before) {
    long next = node.journal().root().orElseThrow().nextNumber() + number;
    RecordState again =
        new RecordState(before.record(), next, Optional.empty(), before.group(), List.of());
    node.journal().append(List.of(new JournalWrite.PutRecord(file(number), again)));
  }

  @Test
  void pathsOfEqualRangesAreNotTold() {
    Answer.Resync told = compare(false);
    assertEquals(FILES, told.comparedWithPeers());
    assertEquals(0, told.differingWithPeers());
    int ofOneMessage = Limits.RANGE_PATHS_MAX * Limits.RANGES_MAX;
    assertEquals((FILES + ofOneMessage) / ofOneMessage, received(RANGES));
    assertEquals(0, received(PATHS));
  }

  @Test
  void pathsOfRangesThatDifferAreToldAndPutRight() {
    List<Integer> changed = List.of(5, 1_000, FILES - 1);
    List<RecordState> before =
        changed.stream().map(it -> one.journal().record(file(it)).orElseThrow()).toList();
    changed.forEach(it -> user.write(one, file(it), "another text"));
    cluster.settleAndApprove();
    takeBack(two, changed.get(0), before.get(0));
    takeBack(one, changed.get(1), before.get(1));
    takeBack(two, changed.get(2), before.get(2));

    assertEquals(3, compare(true).differingWithPeers());
    assertEquals(3, received(PATHS), "each in a range of its own");
    assertEquals(3, compare(false).differingWithPeers());
    assertEquals(0, compare(true).differingWithPeers());
    assertEquals(
        one.journal().rangeAfter(RelativePath.ROOT, Optional.empty(), FILES),
        two.journal().rangeAfter(RelativePath.ROOT, Optional.empty(), FILES));
  }

  @Test
  void aPeerThatHoldsNothingDiffersInEverything() {
    for (int number = 0; number < FILES; number++) {
      forget(two, number);
    }
    assertEquals(FILES, compare(true).differingWithPeers());
  }

  @Test
  void aNodeThatHoldsNothingDiffersInEverything() {
    for (int number = 0; number < FILES; number++) {
      forget(one, number);
    }
    assertEquals(FILES, compare(true).differingWithPeers());
  }

  @Test
  void deletionsThatOneSideForgotAreNoDifference() {
    List<Integer> deleted = List.of(7, 8, 2_000);
    deleted.forEach(it -> user.delete(one, file(it)));
    cluster.run(2_000);
    List<RecordState> told =
        deleted.stream().map(it -> one.journal().record(file(it)).orElseThrow()).toList();
    assertTrue(told.stream().noneMatch(it -> it.record().visibleEntry().isPresent()));
    cluster.settleAndApprove();
    deleted.forEach(it -> cluster.nodes().forEach(node -> forget(node, it)));
    takeBack(one, 7, told.get(0));
    takeBack(two, 8, told.get(1));
    takeBack(two, 2_000, told.get(2));

    Answer.Resync counted = compare(true);
    assertEquals(0, counted.differingWithPeers());
    assertEquals(List.of(), counted.examples());
    assertEquals(0, compare(false).differingWithPeers());
  }

  @Test
  void aDeletionThatOneSideLacksIsADifference() {
    RecordState before = one.journal().record(file(7)).orElseThrow();
    RecordState other = one.journal().record(file(8)).orElseThrow();
    user.delete(one, file(7));
    user.delete(one, file(8));
    cluster.settleAndApprove();
    takeBack(two, 7, before);
    takeBack(one, 8, other);

    assertEquals(2, compare(true).differingWithPeers());
  }

  @Test
  void whatSessionsExchangedSinceTheStartIsCountedWhenThatIsAsked() {
    one.kill();
    user.write(one, file(3), "written while nobody looked");
    user.write(two, file(4), "written there");
    cluster.settleAndApprove();
    cluster.start(one);
    cluster.settleAndApprove();

    Answer.Resync now = compare(false);
    assertEquals(0, now.differingWithPeers());
    assertEquals(0, now.repairedLocally());
    Answer.Resync sinceStart = compare(false, true);
    assertEquals(2, sinceStart.differingWithPeers());
    assertEquals(1, sinceStart.repairedLocally());
  }
}
