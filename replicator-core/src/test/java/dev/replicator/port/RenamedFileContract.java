package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Settled;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How a tree gives a file another name. */
interface RenamedFileContract extends TreeUnderTest {
  RelativePath BEFORE = RelativePath.of("uploads/video");
  RelativePath AFTER = RelativePath.of("archive/film");

  private Materialised made() throws TreeException {
    user().makeDirectory(BEFORE.parent());
    user().makeDirectory(AFTER.parent());
    user().write(BEFORE, "one");
    return materialised(BEFORE.toString());
  }

  private Materialised movable() throws TreeException {
    assumeTrue(tree().capabilities().groups() && stamps(), "a copy only");
    return made();
  }

  private Optional<Problem.Kind> move(Materialised was) {
    TreeMap<RelativePath, Materialised> expected = new TreeMap<>(Map.of(BEFORE, was));
    return tree().move(BEFORE, AFTER, expected).map(Problem::kind);
  }

  private void assertNotMoved(Materialised was) {
    assertEquals(Optional.of(Problem.Kind.BUSY), move(was));
    assertTrue(user().exists(BEFORE));
  }

  @Test
  default void givesAFileAnotherNameOrSaysThatItCannot() throws Exception {
    Materialised was = made();
    boolean can = tree().capabilities().groups() && stamps();

    Optional<Problem.Kind> problem = move(was);

    assertEquals(can ? Optional.empty() : Optional.of(Problem.Kind.UNSUPPORTED), problem);
    assertEquals(can, !user().exists(BEFORE));
    assertEquals("one", user().read(can ? AFTER : BEFORE));
    if (can) {
      assertEquals(was.stamp().inode(), found(AFTER).stamp().inode());
      assertTrue(found(AFTER).isRenamed(was));
    }
  }

  @Test
  default void movesNoFileThatSomebodyWroteTo() throws Exception {
    Materialised was = movable();
    user().write(BEFORE, "theirs, and longer");

    assertNotMoved(was);
    assertEquals("theirs, and longer", user().read(BEFORE));
    assertFalse(user().exists(AFTER));
  }

  @Test
  default void movesNoFileThatGotASecondName() throws Exception {
    Materialised was = movable();
    user().hardLink(BEFORE, RelativePath.of("uploads/second"));

    assertNotMoved(was);
    assertFalse(user().exists(AFTER));
  }

  @Test
  default void movesNoFileInWhosePlaceIsSomethingElse() throws Exception {
    Materialised was = movable();
    user().remove(BEFORE);
    user().makeDirectory(BEFORE);
    assertNotMoved(was);

    user().remove(BEFORE);
    user().link(BEFORE, TreeUnderTest.bytes("film"));
    assertNotMoved(was);
  }

  @Test
  default void movesNoFileThatIsNotThere() throws Exception {
    Materialised was = movable();
    user().remove(BEFORE);

    assertEquals(Optional.of(Problem.Kind.BUSY), move(was));
  }

  @Test
  default void movesNoFileToANameThatIsTakenInTheLastMoment() throws Exception {
    Materialised was = movable();
    inTheWindow(() -> user().write(AFTER, "theirs"));

    assertNotMoved(was);
    assertEquals("theirs", user().read(AFTER));
    assertEquals("one", user().read(BEFORE));
  }

  @Test
  default void givesBackAnotherFileThatCameInTheLastMoment() throws Exception {
    Materialised was = movable();
    inTheWindow(() -> user().replace(BEFORE, "theirs"));

    assertNotMoved(was);
    assertEquals("theirs", user().read(BEFORE));
    assertFalse(user().exists(AFTER));
  }

  @Test
  default void takesAlongWhatSomebodyWritesIntoAFileInTheLastMoment() throws Exception {
    Materialised was = movable();
    inTheWindow(() -> user().write(BEFORE, "theirs, and longer"));

    assertEquals(Optional.empty(), move(was));

    assertEquals("theirs, and longer", user().read(AFTER));
    assertFalse(found(AFTER).isRenamed(was));
  }

  @Test
  default void tellsAfterACrashWhetherAFileWasMoved() throws Exception {
    Materialised was = movable();
    Intent goes = removal(was);
    Intent comes =
        new Intent(Optional.empty(), was.actual(), Knowledge.NONE, Optional.of(was.stamp()), "");
    Tree before = reopen();
    assertInstanceOf(Settled.NotApplied.class, before.settle(BEFORE, goes));
    assertInstanceOf(Settled.NotApplied.class, before.settle(AFTER, comes));
    assertEquals(Optional.empty(), before.move(BEFORE, AFTER, new TreeMap<>(Map.of(BEFORE, was))));

    Tree after = reopen();
    assertInstanceOf(Settled.Applied.class, after.settle(BEFORE, goes));
    Settled.Applied applied = assertInstanceOf(Settled.Applied.class, after.settle(AFTER, comes));
    assertEquals(found(AFTER).stamp(), applied.stamp());
    assertInstanceOf(Look.Gone.class, after.look(BEFORE));
  }
}
