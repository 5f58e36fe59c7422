package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Event;
import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Problem;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A rule keeps a path of one node from the others, and is taken back. */
class ExcludedTest extends BackupScenario {
  @BeforeEach
  void both() {
    begin();
    write(two(), F, "v1");
    stop(one());
    one().rules.exclude(F, EntryType.FILE);
  }

  private void startOne() {
    cluster.start(one());
    settle();
  }

  private void takeBack() {
    stop(one());
    one().rules.excludeNothing();
    startOne();
  }

  @Test
  void whatWasDeletedMeanwhileWasDeletedThereOnly() {
    user.delete(one(), F);
    startOne();
    assertEquals("v1", text(two(), F));
    takeBack();
    assertEverywhere("v1", F);
  }

  @Test
  void whatIsDeletedWhileTheDaemonRunsIsDeletedThereOnly() {
    startOne();
    user.delete(one(), F);
    settle();
    takeBack();
    assertEverywhere("v1", F);
  }

  @Test
  void whatWasDeletedBeforeTheRuleIsTakenBackComesBack() {
    startOne();
    stop(one());
    user.delete(one(), F);
    one().rules.excludeNothing();
    startOne();
    assertEverywhere("v1", F);
  }

  @Test
  void whatWasWrittenMeanwhileGoesOverNothingAndIsKept() {
    startOne();
    user.write(one(), F, "of this node");
    settle();
    assertEquals("v1", text(two(), F));
    takeBack();
    assertEverywhere("v1", F);
    assertTrue(one().disk.vault().containsKey(Thing.digest("of this node")));
    assertTrue(record(one(), F).hidden().stream().allMatch(lost -> lost.adopted()));
  }

  @Test
  void whatOthersWroteMeanwhileShowsAfterwards() {
    startOne();
    user.write(one(), F, "of this node");
    user.write(two(), F, "v2");
    settle();
    takeBack();
    assertEverywhere("v2", F);
  }

  @Test
  void directoryThatWasDeletedMeanwhileComesBack() {
    one().rules.excludeNothing();
    startOne();
    user.makeDirectory(two(), G);
    settle();
    stop(one());
    one().rules.exclude(G, EntryType.DIRECTORY);
    user.delete(one(), G);
    startOne();
    takeBack();
    assertTrue(cluster.nodes().stream().allMatch(node -> node.disk.isDirectory(G)));
  }

  @Test
  void ruleThatIsTakenBackAfterAKillLosesNothing() {
    user.delete(one(), F);
    cluster.start(one());
    cluster.run(MOMENT);
    one().kill();
    one().rules.excludeNothing();
    startOne();
    assertEverywhere("v1", F);
  }

  /** Nothing deleted comes back for a rule that does not concern it. */
  @Test
  void whatIsDeletedWhileOtherRulesChangeStaysDeleted() {
    one().rules.excludeNothing();
    startOne();
    user.makeDirectory(two(), G);
    settle();
    stop(one());
    user.delete(one(), F);
    user.delete(one(), G);
    one().rules.exclude(RelativePath.of("other"), EntryType.FILE);
    startOne();
    assertEverywhere("nothing", F);
    assertEverywhere("nothing", G);
  }

  /** Else who waits for all nodes to show it would hear that they do. */
  @Test
  void whatOthersShowInThePlaceOfAnExcludedDirectoryIsPending() {
    one().rules.exclude(G, EntryType.DIRECTORY);
    startOne();
    user.makeDirectory(one(), G);
    user.write(two(), G, "file");
    cluster.run(ALONE);
    assertEquals(
        Problem.Kind.OBSTRUCTED, one().journal().pending(G).orElseThrow().problem().kind());
    user.delete(one(), G);
    settle();
    assertEverywhere("file", G);
  }

  /** It is its users' own from the start on that read the rule. */
  @Test
  void excludedDirectoryGivesWayToNothingThatOthersShow() {
    replaceDirectoryOfBoth();
    assertTrue(one().disk.isDirectory(G));
    assertEquals(
        Problem.Kind.OBSTRUCTED, one().journal().pending(G).orElseThrow().problem().kind());
    user.delete(one(), G);
    settle();
    assertEverywhere("file", G);
  }

  @Test
  void emptyDirectoryGivesWayToTheFileOfTheOthersOnceTheRuleIsTakenBack() {
    one().rules.exclude(G, EntryType.DIRECTORY);
    startOne();
    user.makeDirectory(one(), G);
    user.write(two(), G, "file");
    cluster.run(ALONE);
    takeBack();
    assertEverywhere("file", G);
  }

  /** What is in it shows, so the directory does; nothing of the file is lost. */
  @Test
  void directoryWithSomethingInItStandsBesideTheFileOfTheOthers() {
    RelativePath below = RelativePath.of("g/below");
    one().rules.excludeNothing();
    one().rules.configure(new SimulatedRules.Patterns(List.of("/g"), List.of()));
    startOne();
    user.makeDirectory(one(), G);
    user.write(one(), below, "of this node");
    user.write(two(), G, "file");
    cluster.run(ALONE);
    stop(one());
    one().rules.configure(SimulatedRules.Patterns.NONE);
    startOne();
    assertEverywhere("of this node", below);
    assertTrue(one().disk.vault().containsKey(Thing.digest("file")));
  }

  private void replaceDirectoryOfBoth() {
    one().rules.excludeNothing();
    startOne();
    user.makeDirectory(two(), G);
    settle();
    stop(one());
    one().rules.exclude(G, EntryType.DIRECTORY);
    startOne();
    user.delete(two(), G);
    user.write(two(), G, "file");
    cluster.run(ALONE);
  }

  @Test
  void directoryOfBothGivesWayToWhatOthersPutThereOnceTheRuleIsTakenBack() {
    replaceDirectoryOfBoth();
    takeBack();
    assertEverywhere("file", G);
  }

  @Test
  void directoryThatWasMadeAnewGivesWayToo() {
    replaceDirectoryOfBoth();
    user.delete(one(), G);
    user.makeDirectory(one(), G);
    cluster.run(ALONE);
    takeBack();
    assertEverywhere("file", G);
  }

  @Test
  void directoryThatWasMadeAnewWhileTheDaemonWasDownGivesWayToo() {
    replaceDirectoryOfBoth();
    stop(one());
    user.delete(one(), G);
    user.makeDirectory(one(), G);
    one().rules.excludeNothing();
    startOne();
    assertEverywhere("file", G);
  }

  @Test
  void directoryThatTookThePlaceOfAFileOfBothGivesWayToo() {
    one().rules.excludeNothing();
    startOne();
    user.write(two(), G, "file");
    settle();
    stop(one());
    one().rules.configure(new SimulatedRules.Patterns(List.of("/g"), List.of()));
    startOne();
    user.delete(one(), G);
    user.makeDirectory(one(), G);
    cluster.run(ALONE);
    stop(one());
    one().rules.configure(SimulatedRules.Patterns.NONE);
    startOne();
    assertEverywhere("file", G);
  }

  @Test
  void directoryThatTookThePlaceOfAFileOfBothWhileTheDaemonWasDownGivesWayToo() {
    one().rules.excludeNothing();
    startOne();
    user.write(two(), G, "file");
    settle();
    stop(one());
    one().rules.configure(new SimulatedRules.Patterns(List.of("/g/"), List.of()));
    user.delete(one(), G);
    user.makeDirectory(one(), G);
    startOne();
    stop(one());
    one().rules.configure(SimulatedRules.Patterns.NONE);
    startOne();
    assertEverywhere("file", G);
  }

  @Test
  void whatNobodyHasAnyMoreIsGivenUpByWhoeverChoosesAnotherVersion() {
    one().rules.excludeNothing();
    startOne();
    for (SimulatedNode node : cluster.nodes()) {
      stop(node);
      node.rules.exclude(F, EntryType.FILE);
      cluster.start(node);
    }
    user.write(one(), F, "of one");
    user.write(two(), F, "of two");
    settle();
    for (SimulatedNode node : cluster.nodes()) {
      stop(node);
      node.rules.excludeNothing();
      cluster.start(node);
    }
    cluster.run(ALONE);
    assertEquals(
        Problem.Kind.CONTENT_MISSING, one().journal().pending(F).orElseThrow().problem().kind());
    Record before = record(one(), F);
    Dot chosen =
        before.hidden().stream()
            .filter(it ->
                it.value() instanceof Entry.File file
                    && file.digest().equals(Thing.digest("of one")))
            .findFirst()
            .orElseThrow()
            .dot();
    one().handle(new Event.ResolveAsked(STOP, F, chosen, before.contents().dots()));
    settle();
    assertEverywhere("of one", F);
    assertTrue(cluster.nodes().stream().allMatch(node -> node.journal().pending(F).isEmpty()));
  }
}
