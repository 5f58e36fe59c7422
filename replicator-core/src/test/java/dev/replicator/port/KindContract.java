package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Directories and symbolic links, and paths that change from one kind to another. */
interface KindContract extends TreeUnderTest {
  RelativePath NAME = RelativePath.of("n");
  RelativePath INNER = RelativePath.of("n/inner");

  @Test
  default void createsADirectoryWithItsMode() throws Exception {
    Intent intent = stagedIntent(Optional.empty(), directoryTarget(0751));

    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(NAME, intent));

    assertEquals(EntryType.DIRECTORY, found("n").type());
    assertEquals(0751, found("n").attributes().mode());
    assertEquals(found("n").stamp(), done.stamp());
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void tellsTheModeADirectoryWasPutWithWhenSomebodyChangedItAtOnce() throws Exception {
    Intent intent = stagedIntent(Optional.empty(), directoryTarget(0755));
    afterTheChange(() -> user().changeMode(NAME, 0700));

    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(NAME, intent));

    assertEquals(0700, found("n").attributes().mode());
    assertEquals(0755, done.actual().attributes().mode());
    assertEquals(intent.staged().orElseThrow().mode(), done.stamp().mode());
  }

  @Test
  default void createsADirectoryThatWasNotStaged() throws Exception {
    Intent intent = bareIntent(Optional.empty(), directoryTarget(0700));

    assertInstanceOf(Exchanged.Done.class, tree().exchange(NAME, intent));

    assertEquals(0700, found("n").attributes().mode());
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void leavesADirectoryAloneThatAppearedBefore() throws Exception {
    user().makeDirectory(NAME);
    user().write(INNER, "theirs");

    Intent intent = stagedIntent(Optional.empty(), directoryTarget(0700));
    assertEquals(new Exchanged.Unexpected(), tree().exchange(NAME, intent));

    assertEquals("theirs", user().read(INNER));
  }

  @Test
  default void leavesADirectoryAloneThatAppearsInTheWindow() throws Exception {
    Intent intent = stagedIntent(Optional.empty(), directoryTarget(0700));
    inTheWindow(() -> {
      user().makeDirectory(NAME);
      user().write(INNER, "theirs");
    });

    assertEquals(new Exchanged.Unexpected(), tree().exchange(NAME, intent));

    assertEquals("theirs", user().read(INNER));
  }

  @Test
  default void leavesAnEmptyDirectoryAloneThatAppearsInTheWindow() throws Exception {
    Intent intent = stagedIntent(Optional.empty(), directoryTarget(0700));
    inTheWindow(() -> {
      user().makeDirectory(NAME);
      user().changeMode(NAME, 0711);
    });

    assertEquals(new Exchanged.Unexpected(), tree().exchange(NAME, intent));

    assertEquals(0711, found("n").attributes().mode());
  }

  @Test
  default void changesTheModeOfADirectoryWhateverHappenedInIt() throws Exception {
    user().makeDirectory(NAME);
    Materialised expected = materialised("n");
    user().write(INNER, "theirs");

    Intent intent = bareIntent(Optional.of(expected), directoryTarget(0711));
    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(NAME, intent));

    assertEquals(0711, found("n").attributes().mode());
    assertEquals(found("n").stamp(), done.stamp());
    assertEquals("theirs", user().read(INNER));
  }

  @Test
  default void removesAnEmptyDirectory() throws Exception {
    user().makeDirectory(NAME);

    assertEquals(new Exchanged.Removed(""), tree().exchange(NAME, removal(materialised("n"))));

    assertFalse(user().exists(NAME));
  }

  @Test
  default void neverRemovesADirectoryThatHoldsSomething() throws Exception {
    user().makeDirectory(NAME);
    Materialised expected = materialised("n");
    user().write(INNER, "theirs");

    var failed = assertInstanceOf(Exchanged.Failed.class, tree().exchange(NAME, removal(expected)));

    assertEquals(Problem.Kind.OBSTRUCTED, failed.problem().kind());
    assertEquals("theirs", user().read(INNER));
  }

  @Test
  default void createsASymbolicLinkOfAnyText() throws Exception {
    List<String> texts =
        tree().capabilities().rawNames()
            ? List.of("a", "../b/c", "/abs/\u00ff", "\u00fe", "\u00ff/..")
            : List.of("a", "../b/c");
    for (String text : texts) {
      Intent intent = stagedIntent(Optional.empty(), linkTarget(text));

      var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(NAME, intent));

      assertEquals(TreeUnderTest.bytes(text), found("n").linkTarget());
      assertEquals(found("n").stamp(), done.stamp());
      assertEquals("", done.displaced());
      user().remove(NAME);
    }
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void neverReplacesWhenItCreatesASymbolicLink() throws Exception {
    Intent intent = stagedIntent(Optional.empty(), linkTarget("ours"));
    user().write(NAME, "theirs");

    assertEquals(new Exchanged.Unexpected(), tree().exchange(NAME, intent));

    assertEquals("theirs", user().read(NAME));
  }

  @Test
  default void replacesASymbolicLinkOnlyWhileItsTextIsTheExpected() throws Exception {
    user().link(NAME, TreeUnderTest.bytes("old"));
    Materialised expected = materialised("n");
    Intent intent = stagedIntent(Optional.of(expected), linkTarget("new"));
    assertInstanceOf(Exchanged.Done.class, tree().exchange(NAME, intent));
    assertEquals(TreeUnderTest.bytes("new"), found("n").linkTarget());

    Intent late = stagedIntent(Optional.of(expected), linkTarget("late"));
    assertEquals(new Exchanged.Unexpected(), tree().exchange(NAME, late));

    assertEquals(TreeUnderTest.bytes("new"), found("n").linkTarget());
  }

  @Test
  default void removesASymbolicLinkAndKeepsNothing() throws Exception {
    user().link(NAME, TreeUnderTest.bytes("old"));

    assertEquals(new Exchanged.Removed(""), tree().exchange(NAME, removal(materialised("n"))));

    assertFalse(user().exists(NAME));
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void replacesAFileByASymbolicLinkAndBack() throws Exception {
    user().write(NAME, "old");
    Intent link = stagedIntent(Optional.of(materialised("n")), linkTarget("text"));
    var linked = assertInstanceOf(Exchanged.Done.class, tree().exchange(NAME, link));
    assertEquals(EntryType.SYMLINK, found("n").type());
    assertEquals("old", readStaged(linked.displaced()));
    tree().discard(linked.displaced());

    Intent file = fileIntent(Optional.of(materialised("n")), "new");
    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(NAME, file));

    assertEquals("new", user().read(NAME));
    assertEquals("", done.displaced());
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void replacesAFileByADirectoryAndBack() throws Exception {
    user().write(NAME, "old");
    Intent directory = stagedIntent(Optional.of(materialised("n")), directoryTarget(0700));
    var made = assertInstanceOf(Exchanged.Done.class, tree().exchange(NAME, directory));
    assertEquals(EntryType.DIRECTORY, found("n").type());
    assertEquals("old", readStaged(made.displaced()));
    tree().discard(made.displaced());

    Intent file = fileIntent(Optional.of(materialised("n")), "new");
    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(NAME, file));

    assertEquals("new", user().read(NAME));
    assertEquals(found("n").stamp(), done.stamp());
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void neverReplacesADirectoryThatHoldsSomething() throws Exception {
    user().makeDirectory(NAME);
    Materialised expected = materialised("n");
    user().write(INNER, "theirs");

    for (Intent intent :
        List.of(
            fileIntent(Optional.of(expected), "new"),
            stagedIntent(Optional.of(expected), linkTarget("new")))) {
      var failed = assertInstanceOf(Exchanged.Failed.class, tree().exchange(NAME, intent));
      assertEquals(Problem.Kind.OBSTRUCTED, failed.problem().kind());
    }

    assertEquals("theirs", user().read(INNER));
  }

  @Test
  default void keepsWhatAppearsInADirectoryInTheWindowOfItsReplacement() throws Exception {
    user().makeDirectory(NAME);
    Intent intent = fileIntent(Optional.of(materialised("n")), "new");
    inTheWindow(() -> user().write(INNER, "theirs"));

    var failed = assertInstanceOf(Exchanged.Failed.class, tree().exchange(NAME, intent));

    assertEquals(Problem.Kind.OBSTRUCTED, failed.problem().kind());
    assertEquals("theirs", user().read(INNER));
  }

  @Test
  default void keepsAWriteThatComesIntoTheWindowOfADirectory() throws Exception {
    user().write(NAME, "old");
    Intent intent = stagedIntent(Optional.of(materialised("n")), directoryTarget(0700));
    inTheWindow(() -> user().replace(NAME, "theirs"));

    var overtaken = assertInstanceOf(Exchanged.Overtaken.class, tree().exchange(NAME, intent));

    assertEquals(EntryType.DIRECTORY, found("n").type());
    assertEquals("theirs", readStaged(overtaken.displaced()));
  }

  @Test
  default void leavesADirectoryAloneThatTakesThePlaceOfAFile() throws Exception {
    user().write(NAME, "old");
    for (EntryType type : EntryType.values()) {
      Optional<Materialised> expected = Optional.of(materialised("n"));
      Intent intent =
          switch (type) {
            case ABSENT -> removal(expected.orElseThrow());
            case DIRECTORY -> stagedIntent(expected, directoryTarget(0700));
            case FILE -> fileIntent(expected, "new");
            case SYMLINK -> stagedIntent(expected, linkTarget("new"));
          };
      inTheWindow(() -> {
        user().move(NAME, RelativePath.of("moved"));
        user().makeDirectory(NAME);
        user().write(INNER, "theirs");
      });

      Exchanged answer = tree().exchange(NAME, intent);

      assertTrue(answer instanceof Exchanged.Unexpected || answer instanceof Exchanged.Failed);
      assertEquals("theirs", user().read(INNER));
      user().remove(INNER);
      user().remove(NAME);
      user().move(RelativePath.of("moved"), NAME);
    }
  }

  @Test
  default void leavesASpecialFileAlone() throws Exception {
    assumeTrue(user().makeFifo(NAME), "no FIFOs here");

    assertEquals(
        new Exchanged.Unexpected(), tree().exchange(NAME, fileIntent(Optional.empty(), "new")));

    assertEquals(new Look.Special("FIFO"), tree().look(NAME));
  }

  @Test
  default void neverReplacesTheRoot() throws Exception {
    Materialised root = materialised("");

    assertInstanceOf(
        Exchanged.Failed.class,
        tree().exchange(RelativePath.ROOT, fileIntent(Optional.of(root), "x")));
    assertInstanceOf(Exchanged.Failed.class, tree().exchange(RelativePath.ROOT, removal(root)));

    assertTrue(tree().look(RelativePath.ROOT) instanceof Look.Found);
  }
}
