package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.Tree.StagedFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a tree tells after a crash of what was under way. */
interface SettleContract extends TreeUnderTest {
  RelativePath AT = RelativePath.of("f");

  private void assertApplied(RelativePath path, Intent intent) throws TreeException {
    var applied = assertInstanceOf(Settled.Applied.class, reopen().settle(path, intent));
    assertEquals(found(path).stamp(), applied.stamp());
    assertEquals(intent.target().entry(), applied.actual().entry());
    assertEquals(found(path).attributes(), applied.actual().attributes());
  }

  @Test
  default void saysAppliedWhenTheStagedObjectHasItsName() throws Exception {
    assumeTrue(stamps(), "a file is not known again here");
    Intent created = fileIntent(Optional.empty(), "one");
    tree().exchange(AT, created);
    assertApplied(AT, created);

    Intent replaced = fileIntent(Optional.of(materialised("f")), "two");
    tree().exchange(AT, replaced);
    assertApplied(AT, replaced);

    Intent linked = stagedIntent(Optional.of(materialised("f")), linkTarget("text"));
    tree().exchange(AT, linked);
    assertApplied(AT, linked);
  }

  @Test
  default void saysAppliedOfADirectory() throws Exception {
    Intent staged = stagedIntent(Optional.empty(), directoryTarget(0755));
    tree().exchange(AT, staged);
    user().write(RelativePath.of("f/inner"), "theirs");
    assertApplied(AT, staged);

    RelativePath other = RelativePath.of("other");
    Intent bare = bareIntent(Optional.empty(), directoryTarget(0755));
    tree().exchange(other, bare);
    assertApplied(other, bare);
  }

  @Test
  default void saysNotAppliedWhileTheStagedObjectWaits() throws Exception {
    Intent creation = fileIntent(Optional.empty(), "new");
    assertEquals(new Settled.NotApplied(), reopen().settle(AT, creation));
    Intent directory = stagedIntent(Optional.empty(), directoryTarget(0755));
    assertEquals(new Settled.NotApplied(), reopen().settle(AT, directory));
    assertEquals(
        new Settled.NotApplied(),
        reopen().settle(AT, bareIntent(Optional.empty(), directoryTarget(0755))));

    user().write(AT, "old");
    Intent replacement = fileIntent(Optional.of(materialised("f")), "new");
    assertEquals(new Settled.NotApplied(), reopen().settle(AT, replacement));

    user().write(AT, "theirs");
    assertEquals(new Settled.NotApplied(), reopen().settle(AT, replacement));
    assertEquals("new", readStaged(replacement.stagedName()));

    user().remove(AT);
    assertEquals(new Settled.NotApplied(), reopen().settle(AT, replacement));
  }

  @Test
  default void saysUnclearWhenNothingTellsThatTheStagedObjectWasPut() throws Exception {
    Intent intent = fileIntent(Optional.empty(), "new");
    tree().exchange(AT, intent);

    user().replace(AT, "theirs");
    assertEquals(new Settled.Unclear(), reopen().settle(AT, intent));

    user().remove(AT);
    assertEquals(new Settled.Unclear(), reopen().settle(AT, intent));
  }

  @Test
  default void saysAppliedWhenWhatGaveWayWaitsWhateverCameSince() throws Exception {
    assumeTrue(tree().capabilities().verifiedExchange(), "what gave way is not looked at");
    user().write(AT, "old");
    Intent intent = fileIntent(Optional.of(materialised("f")), "new");
    tree().exchange(AT, intent);

    user().replace(AT, "theirs");
    assertInstanceOf(Settled.Applied.class, reopen().settle(AT, intent));

    user().remove(AT);
    assertInstanceOf(Settled.Applied.class, reopen().settle(AT, intent));
  }

  @Test
  default void givesTheStampOfWhatWasPutWhenItWasWrittenToSince() throws Exception {
    assumeTrue(stamps(), "a file is not known again here");
    Intent intent = fileIntent(Optional.empty(), "new");
    tree().exchange(AT, intent);
    user().write(AT, "theirs, longer");

    var applied = assertInstanceOf(Settled.Applied.class, reopen().settle(AT, intent));

    assertEquals(intent.staged().orElseThrow(), applied.stamp());
  }

  @Test
  default void tellsTheMetadataOfWhatWasPutWhenSomebodyChangedItSince() throws Exception {
    assumeTrue(stamps(), "a file is not known again here");
    Intent intent = fileIntent(Optional.empty(), "new");
    RelativePath below = RelativePath.of("d");
    Intent directory = stagedIntent(Optional.empty(), directoryTarget(0755));
    tree().exchange(AT, intent);
    tree().exchange(below, directory);
    int put = found(AT).attributes().mode();
    user().changeMode(AT, 0600);
    user().changeMode(below, 0700);

    var file = assertInstanceOf(Settled.Applied.class, reopen().settle(AT, intent));
    var applied = assertInstanceOf(Settled.Applied.class, reopen().settle(below, directory));

    assertEquals(put, file.actual().attributes().mode());
    assertEquals(0755, applied.actual().attributes().mode());
    assertEquals(directory.staged().orElseThrow(), applied.stamp());
  }

  @Test
  default void tellsAWriteThatWasDisplacedInTheLastMomentBeforeTheCrash() throws Exception {
    assumeTrue(stamps(), "a file is not known again here");
    user().write(AT, "old");
    Intent intent = fileIntent(Optional.of(materialised("f")), "new");
    inTheWindow(() -> user().write(AT, "theirs, a longer one"));
    tree().exchange(AT, intent);

    var overtaken = assertInstanceOf(Settled.Overtaken.class, reopen().settle(AT, intent));

    assertEquals(found(AT).stamp(), overtaken.stamp());
    assertEquals("theirs, a longer one", readStaged(overtaken.displaced()));
    assertEquals(20, overtaken.displacedLook().stamp().size());
  }

  @Test
  default void tellsAWriteThatWasDisplacedThoughSomebodyWroteAgainSince() throws Exception {
    assumeTrue(tree().capabilities().verifiedExchange(), "what gave way is not looked at");
    user().write(AT, "before");
    Intent intent = fileIntent(Optional.of(materialised("f")), "after");
    inTheWindow(() -> user().write(AT, "written"));
    tree().exchange(AT, intent);
    user().replace(AT, "written again");

    var overtaken = assertInstanceOf(Settled.Overtaken.class, reopen().settle(AT, intent));

    assertEquals("written", readStaged(overtaken.displaced()));
    assertEquals("written again", user().read(AT));
  }

  @Test
  default void tellsAWriteThatWasRemovedInTheLastMomentBeforeTheCrash() throws Exception {
    assumeTrue(stamps(), "a file is not known again here");
    user().write(AT, "old");
    Intent intent = removal(materialised("f"));
    inTheWindow(() -> user().replace(AT, "theirs"));
    tree().exchange(AT, intent);

    var overtaken = assertInstanceOf(Settled.Overtaken.class, reopen().settle(AT, intent));

    assertEquals(Target.ABSENT, overtaken.actual());
    assertEquals("theirs", readStaged(overtaken.displaced()));
  }

  @Test
  default void tellsAWriteThatWasRemovedThoughSomebodyWroteAgainSince() throws Exception {
    user().write(AT, "old");
    Intent intent = removal(materialised("f"));
    inTheWindow(() -> user().replace(AT, "theirs, a longer one"));
    tree().exchange(AT, intent);
    user().write(AT, "written again");

    var overtaken = assertInstanceOf(Settled.Overtaken.class, reopen().settle(AT, intent));

    assertEquals(Target.ABSENT, overtaken.actual());
    assertEquals("theirs, a longer one", readStaged(overtaken.displaced()));
    assertEquals("written again", user().read(AT));
  }

  @Test
  default void settlesARemoval() throws Exception {
    user().write(AT, "old");
    Intent intent = removal(materialised("f"));
    assertEquals(new Settled.NotApplied(), reopen().settle(AT, intent));

    tree().exchange(AT, intent);
    var applied = assertInstanceOf(Settled.Applied.class, reopen().settle(AT, intent));
    assertEquals(Target.ABSENT, applied.actual());

    user().write(AT, "theirs");
    var overwritten = assertInstanceOf(Settled.Applied.class, reopen().settle(AT, intent));
    assertEquals(Target.ABSENT, overwritten.actual());

    Tree reopened = reopen();
    for (String waiting : reopened.staged()) {
      reopened.discard(waiting);
    }
    assertEquals(new Settled.Unclear(), reopened.settle(AT, intent));
  }

  @Test
  default void settlesMetadata() throws Exception {
    user().write(AT, "same");
    user().changeMode(AT, 0644);
    Materialised expected = materialised("f");
    Target target = new Target(expected.entry(), MTIME, attributes(EntryType.FILE, 0600));
    Intent intent = bareIntent(Optional.of(expected), target);
    assertEquals(new Settled.NotApplied(), reopen().settle(AT, intent));

    tree().exchange(AT, intent);
    assertApplied(AT, intent);

    user().changeMode(AT, 0666);
    assertEquals(new Settled.Unclear(), reopen().settle(AT, intent));
    user().remove(AT);
    assertEquals(new Settled.Unclear(), reopen().settle(AT, intent));
  }

  @Test
  default void saysUnclearWhenAPathVanishedOnItsWayToAnotherKind() throws Exception {
    user().write(AT, "old");
    Intent intent = stagedIntent(Optional.of(materialised("f")), directoryTarget(0755));
    user().remove(AT);

    assertEquals(new Settled.Unclear(), reopen().settle(AT, intent));
  }

  @Test
  default void settlesNothingInAnotherRoot() throws Exception {
    Intent intent = fileIntent(Optional.empty(), "new");
    tree().pin(tree().identity());
    user().replaceRoot();

    assertThrows(TreeException.class, () -> tree().settle(AT, intent));
  }

  @Test
  default void keepsAllOfStagingOverTheEndOfTheProcess() throws Exception {
    Intent waiting = fileIntent(Optional.empty(), "new");
    StagedFile unsealed = tree().stageFile();

    Tree reopened = reopen();

    assertEquals(
        List.of(waiting.stagedName(), unsealed.name()).stream().sorted().toList(),
        reopened.staged());
    reopened.discard(unsealed.name());
    unsealed.close();
    assertEquals(List.of(waiting.stagedName()), reopened.staged());
  }
}
