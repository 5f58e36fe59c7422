package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
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
    assertTrue(one().disk.isDirectory(G));
    assertEquals(
        Problem.Kind.OBSTRUCTED, one().journal().pending(G).orElseThrow().problem().kind());
    user.delete(one(), G);
    settle();
    assertEverywhere("file", G);
  }
}
