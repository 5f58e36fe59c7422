package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Event;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What users choose is written only when its content is here. */
class ChoicesTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final long REQUEST = 1;

  private final SimulatedCluster cluster = new SimulatedCluster(5, 3, false);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  private final SimulatedNode one = cluster.node(0);
  private final SimulatedNode two = cluster.node(1);
  private final SimulatedNode three = cluster.node(2);

  private Answer answer() {
    cluster.settleAndApprove();
    return Optional.ofNullable(one.answers.get(REQUEST)).orElseThrow();
  }

  private Record record() {
    return one.journal().record(F).orElseThrow().record();
  }

  private void assertAllShow(String text) {
    for (SimulatedNode node : cluster.nodes()) {
      assertEquals(text, node.disk.find(F).orElseThrow().text());
      assertEquals(0, node.journal().pendingCount());
    }
  }

  /** The version that the second one of two replaced everywhere. */
  private Dot replaced() {
    cluster.nodes().forEach(cluster::start);
    user.write(one, F, "first");
    cluster.settleAndApprove();
    user.write(two, F, "second");
    cluster.settleAndApprove();
    HistoryItem first = one.journal().history(F, 1).getFirst();
    assertTrue(one.disk.vault().containsKey(Thing.digest("first")));
    return first.dot();
  }

  private void forget(SimulatedNode node, String text) {
    node.disk.vault().remove(Thing.digest(text));
  }

  private Dot conflict() {
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
    cluster.links().forEach(SimulatedLink::cut);
    user.write(one, F, "first");
    cluster.run(300);
    user.write(two, F, "second");
    cluster.links().forEach(SimulatedLink::heal);
    cluster.settleAndApprove();
    Entry lost = Thing.file("first");
    return record().contents().elements().stream()
        .filter(element -> element.value().equals(lost))
        .map(Element::dot)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void restoreBringsBackWhatTheVaultHolds() {
    Dot first = replaced();
    one.handle(new Event.RestoreAsked(REQUEST, F, first, false));
    assertInstanceOf(Answer.Done.class, answer());
    assertAllShow("first");
  }

  /** It would be said to be restored, and show nowhere that anybody asks. */
  @Test
  void restoreWhereARuleKeepsThePathAwayIsRefusedAndWritesNothing() {
    Dot first = replaced();
    one.rules.exclude(F, EntryType.FILE);
    Record before = record();
    one.handle(new Event.RestoreAsked(REQUEST, F, first, false));
    assertInstanceOf(Answer.Refused.class, answer());
    assertEquals(before, record());
  }

  @Test
  void restoreFetchesWhatOnlyAPeerHolds() {
    Dot first = replaced();
    forget(one, "first");
    one.handle(new Event.RestoreAsked(REQUEST, F, first, false));
    assertInstanceOf(Answer.Done.class, answer());
    assertAllShow("first");
  }

  @Test
  void restoreOfAVersionWhoseContentIsGoneIsRefusedAndWritesNothing() {
    Dot first = replaced();
    cluster.nodes().forEach(node -> forget(node, "first"));
    Record before = record();
    one.handle(new Event.RestoreAsked(REQUEST, F, first, false));
    assertInstanceOf(Answer.Refused.class, answer());
    assertEquals(before, record());
    assertAllShow("second");
  }

  /** The directory would lose its owner, mode and list, and the file not even be there. */
  @Test
  void restoreOfAFileIsRefusedWhereADirectoryIsNow() {
    Dot first = replaced();
    user.delete(one, F);
    cluster.settleAndApprove();
    user.makeDirectory(one, F);
    user.write(one, F.child(F.name()), "within");
    cluster.settleAndApprove();
    Record before = record();
    one.handle(new Event.RestoreAsked(REQUEST, F, first, false));
    assertInstanceOf(Answer.Refused.class, answer());
    assertEquals(before, record());
  }

  /** It would go from every node, for a version that somebody deleted. */
  @Test
  void restoreBelowWhatIsAFileNowIsRefused() {
    RelativePath below = F.child(F.name());
    cluster.nodes().forEach(cluster::start);
    user.makeDirectory(one, F);
    user.write(one, below, "within");
    cluster.settleAndApprove();
    user.delete(two, below);
    user.delete(two, F);
    cluster.settleAndApprove();
    user.write(two, F, "a file");
    cluster.settleAndApprove();
    Dot within = one.journal().history(below, 1).getFirst().dot();
    one.handle(new Event.RestoreAsked(REQUEST, below, within, false));
    assertEquals(new Answer.Refused("f is no directory now; move that away first"), answer());
    assertAllShow("a file");
  }

  /** The version that the second one of two took from all nodes. */
  private Dot deleted() {
    cluster.nodes().forEach(cluster::start);
    user.write(one, F, "first");
    cluster.settleAndApprove();
    user.delete(two, F);
    cluster.settleAndApprove();
    return one.journal().history(F, 1).getFirst().dot();
  }

  @Test
  void whatIsGoneIsRestoredWhereNothingMayGiveWay() {
    Dot first = deleted();
    one.handle(new Event.RestoreAsked(REQUEST, F, first, true));
    assertInstanceOf(Answer.Done.class, answer());
    assertAllShow("first");
  }

  @Test
  void whatIsThereAgainStaysWhereNothingMayGiveWay() {
    Dot first = deleted();
    user.write(two, F, "second");
    cluster.settleAndApprove();
    Record before = record();
    one.handle(new Event.RestoreAsked(REQUEST, F, first, true));
    assertInstanceOf(Answer.Occupied.class, answer());
    assertEquals(before, record());
    assertAllShow("second");
  }

  @Test
  void whatCameWhileTheContentWasFetchedStaysAsWell() {
    Dot first = deleted();
    one.handle(new Event.RestoreAsked(REQUEST, F, first, true));
    one.handle(new Event.RestoreAsked(REQUEST + 1, F, first, true));
    cluster.settleAndApprove();
    assertEquals(
        Set.of(Answer.Done.class, Answer.Occupied.class),
        LongStream.of(REQUEST, REQUEST + 1)
            .mapToObj(
                request -> Optional.ofNullable(one.answers.get(request)).orElseThrow().getClass())
            .collect(Collectors.toSet()));
    assertAllShow("first");
  }

  @Test
  void resolveToAVersionWhoseContentIsGoneIsRefusedAndWritesNothing() {
    Dot first = conflict();
    cluster.nodes().forEach(node -> forget(node, "first"));
    Record before = record();
    one.handle(new Event.ResolveAsked(REQUEST, F, first, before.contents().dots()));
    assertInstanceOf(Answer.Refused.class, answer());
    assertEquals(before, record());
    assertAllShow("second");
  }

  @Test
  void resolveFetchesWhatOnlyAPeerHolds() {
    Dot first = conflict();
    forget(one, "first");
    forget(three, "first");
    one.handle(new Event.ResolveAsked(REQUEST, F, first, record().contents().dots()));
    assertInstanceOf(Answer.Done.class, answer());
    assertAllShow("first");
  }

  @Test
  void whatWasResolvedAwayIsHistoryFromThenOnOnEachNode() {
    Dot first = conflict();
    Dot second = record().visibleContent().map(Element::dot).orElseThrow();
    cluster.run(600_000);
    one.handle(new Event.ResolveAsked(REQUEST, F, second, record().contents().dots()));
    assertInstanceOf(Answer.Done.class, answer());
    cluster.settleAndApprove();
    for (SimulatedNode node : cluster.nodes()) {
      List<HistoryItem> left =
          node.journal().history(F, 99).stream().filter(item -> item.dot().equals(first)).toList();
      assertEquals(1, left.size());
      assertTrue(left.getFirst().leftMillis() > node.clock().nowMillis() - 300_000);
    }
    one.handle(new Event.RestoreAsked(REQUEST, F, first, false));
    assertInstanceOf(Answer.Done.class, answer());
    assertAllShow("first");
  }
}
