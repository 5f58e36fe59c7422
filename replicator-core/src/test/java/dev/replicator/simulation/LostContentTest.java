package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Event;
import dev.replicator.model.EntryType;
import dev.replicator.model.Problem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A rule is taken back everywhere, and what it kept away was deleted or changed everywhere. */
class LostContentTest extends BackupScenario {
  private static final long REQUEST = 7;

  private void excluded() {
    begin();
    write(two(), F, "v0");
    exclude(cluster.nodes());
  }

  private void exclude(List<SimulatedNode> nodes) {
    for (SimulatedNode node : nodes) {
      stop(node);
      node.rules.exclude(F, EntryType.FILE);
      node.reboot();
      cluster.start(node);
    }
    settle();
  }

  private void takeBack(List<SimulatedNode> nodes) {
    for (SimulatedNode node : nodes) {
      node.rules.excludeNothing();
      node.reboot();
      cluster.start(node);
    }
    cluster.run(60_000);
  }

  private Answer giveUp(boolean force) {
    one().answers.remove(REQUEST);
    one().handle(new Event.GiveUpAsked(REQUEST, F, force));
    settle();
    return Optional.ofNullable(one().answers.get(REQUEST)).orElseThrow();
  }

  private void assertPending() {
    assertEquals(
        Problem.Kind.CONTENT_MISSING, one().journal().pending(F).orElseThrow().problem().kind());
  }

  private void assertSettled(String text) {
    assertEverywhere(text, F);
    cluster.nodes().forEach(node -> assertEquals(0, node.journal().pendingCount()));
  }

  @Test
  void whatWasDeletedEverywhereIsGivenUp() {
    excluded();
    cluster.nodes().forEach(node -> user.delete(node, F));
    settle();
    cluster.nodes().forEach(this::stop);
    takeBack(cluster.nodes());
    assertPending();
    assertInstanceOf(Answer.Done.class, giveUp(false));
    assertSettled("nothing");
  }

  @Test
  void whatWasChangedEverywhereGivesWayToWhatIsThere() {
    excluded();
    user.write(one(), F, "of one");
    cluster.run(1_000);
    user.write(two(), F, "of two");
    settle();
    cluster.nodes().forEach(this::stop);
    takeBack(cluster.nodes());
    assertPending();
    assertInstanceOf(Answer.Done.class, giveUp(false));
    assertSettled("of two");
    assertEquals(
        List.of(Thing.file("of one")),
        record(one(), F).hidden().stream().map(it -> it.value()).toList());
  }

  @Test
  void whatOneChangedAndAnotherDeletedIsWhatTheOneHas() {
    excluded();
    user.delete(one(), F);
    user.write(two(), F, "of two");
    settle();
    cluster.nodes().forEach(this::stop);
    takeBack(cluster.nodes());
    assertPending();
    assertInstanceOf(Answer.Done.class, giveUp(false));
    assertSettled("of two");
  }

  /** Who is away had no such rule, or did not touch the file. */
  @Test
  void whatAPeerThatIsAwayMayHaveIsKept() {
    nodes(3);
    excluded();
    user.delete(one(), F);
    user.delete(two(), F);
    settle();
    cluster.nodes().forEach(this::stop);
    takeBack(List.of(one(), two()));
    assertPending();
    assertInstanceOf(Answer.Refused.class, giveUp(false));

    takeBack(List.of(three()));
    settle();
    assertSettled("v0");
    assertInstanceOf(Answer.Refused.class, giveUp(false), "it is not lost");
    assertSettled("v0");
  }

  /** He knows nothing of the rule: there it is deleted as by anybody. */
  @Test
  void whatIsGivenUpByForceStaysInTheVaultOfWhoHadIt() {
    nodes(3);
    begin();
    write(two(), F, "v0");
    stop(three());
    exclude(List.of(one(), two()));
    user.delete(one(), F);
    user.delete(two(), F);
    settle();
    stop(one());
    stop(two());
    takeBack(List.of(one(), two()));
    assertInstanceOf(Answer.Done.class, giveUp(true));
    three().reboot();
    cluster.start(three());
    settle();
    assertSettled("nothing");
    assertTrue(three().disk.vault().containsKey(Thing.digest("v0")));
  }

  /** He had it excluded too: it is found there, as whatever is found. */
  @Test
  void whatIsGivenUpByForceComesBackWithWhoFindsIt() {
    nodes(3);
    excluded();
    user.delete(one(), F);
    user.delete(two(), F);
    settle();
    cluster.nodes().forEach(this::stop);
    takeBack(List.of(one(), two()));
    assertInstanceOf(Answer.Done.class, giveUp(true));
    takeBack(List.of(three()));
    settle();
    assertSettled("v0");
  }
}
