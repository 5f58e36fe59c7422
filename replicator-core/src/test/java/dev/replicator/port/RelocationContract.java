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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How a tree gives a directory another name with all that is in it. */
interface RelocationContract extends TreeUnderTest {
  RelativePath OLD = RelativePath.of("plugins/old");
  RelativePath NEW = RelativePath.of("themes/new");
  List<String> BELOW = List.of("", "/a", "/d", "/d/f", "/l");

  private TreeMap<RelativePath, Materialised> made() throws TreeException {
    assumeTrue(tree().capabilities().groups() && stamps(), "path by path only");
    user().makeDirectory(OLD.parent());
    user().makeDirectory(NEW.parent());
    user().makeDirectory(OLD);
    user().write(OLD.child("a"), "one");
    user().makeDirectory(OLD.child("d"));
    user().write(OLD.child("d").child("f"), "two");
    user().link(OLD.child("l"), TreeUnderTest.bytes("a"));
    TreeMap<RelativePath, Materialised> there = new TreeMap<>();
    for (String below : BELOW) {
      there.put(RelativePath.of(OLD + below), materialised(OLD + below));
    }
    return there;
  }

  private Optional<Problem> move(TreeMap<RelativePath, Materialised> expected) {
    return tree().move(OLD, NEW, expected);
  }

  private void assertNotMoved(TreeMap<RelativePath, Materialised> expected) {
    assertEquals(Optional.of(Problem.Kind.BUSY), move(expected).map(Problem::kind));
    assertFalse(user().exists(NEW.child("a")));
  }

  @Test
  default void movesADirectoryWithAllThatIsInIt() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();

    assertEquals(Optional.empty(), move(there));

    assertFalse(user().exists(OLD));
    for (Map.Entry<RelativePath, Materialised> each : there.entrySet()) {
      RelativePath moved = each.getKey().moved(OLD, NEW).orElseThrow();
      assertTrue(found(moved).holds(each.getValue()), moved::toString);
    }
  }

  @Test
  default void movesNothingThatSomebodyWroteTo() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    user().write(OLD.child("d").child("f"), "theirs, and longer");

    assertNotMoved(there);
    assertEquals("theirs, and longer", user().read(OLD.child("d").child("f")));
  }

  @Test
  default void movesNothingToWhichSomebodyAdded() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    user().write(OLD.child("d").child("more"), "theirs");

    assertNotMoved(there);
    assertEquals("theirs", user().read(OLD.child("d").child("more")));
  }

  @Test
  default void movesNothingFromWhichSomebodyTook() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    user().remove(OLD.child("l"));

    assertNotMoved(there);
  }

  @Test
  default void movesNothingOfWhichSomebodyChangedTheMode() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    user().changeMode(OLD.child("d"), 0700);

    assertNotMoved(there);
  }

  @Test
  default void movesNothingWithAFifoInIt() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    assumeTrue(user().makeFifo(OLD.child("d").child("p")), "no fifos here");

    assertNotMoved(there);
  }

  @Test
  default void movesNothingWhereTheNameIsTaken() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    user().write(NEW, "theirs");

    assertEquals(Optional.of(Problem.Kind.BUSY), move(there).map(Problem::kind));
    assertEquals("theirs", user().read(NEW));
    assertTrue(user().exists(OLD.child("a")));
  }

  @Test
  default void movesNothingWhereTheNameIsTakenInTheLastMoment() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    inTheWindow(() -> user().write(NEW, "theirs"));

    assertEquals(Optional.of(Problem.Kind.BUSY), move(there).map(Problem::kind));
    assertEquals("theirs", user().read(NEW));
    assertTrue(user().exists(OLD.child("a")));
  }

  @Test
  default void movesNothingWhereThereIsNoDirectoryForIt() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    user().remove(NEW.parent());

    assertTrue(move(there).isPresent());
    assertTrue(user().exists(OLD.child("a")));
  }

  @Test
  default void givesBackAnotherDirectoryThatCameInTheLastMoment() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    RelativePath aside = RelativePath.of("plugins/aside");
    inTheWindow(() -> {
      user().move(OLD, aside);
      user().makeDirectory(OLD);
      user().write(OLD.child("b"), "theirs");
    });

    assertNotMoved(there);
    assertEquals("theirs", user().read(OLD.child("b")));
    assertEquals("one", user().read(aside.child("a")));
  }

  @Test
  default void takesAlongWhatSomebodyDoesInTheLastMoment() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    inTheWindow(() -> {
      user().write(OLD.child("a"), "theirs, and longer");
      user().write(OLD.child("more"), "theirs");
    });

    assertEquals(Optional.empty(), move(there));

    assertFalse(found(NEW.child("a")).holds(Objects.requireNonNull(there.get(OLD.child("a")))));
    assertEquals("theirs", user().read(NEW.child("more")));
  }

  @Test
  default void tellsAfterACrashWhetherADirectoryWasMoved() throws Exception {
    TreeMap<RelativePath, Materialised> there = made();
    Map<RelativePath, Intent> intents = new TreeMap<>();
    there.forEach((path, was) -> {
      intents.put(path, removal(was));
      intents.put(
          path.moved(OLD, NEW).orElseThrow(),
          new Intent(Optional.empty(), was.actual(), Knowledge.NONE, Optional.of(was.stamp()), ""));
    });
    Tree before = reopen();
    for (Map.Entry<RelativePath, Intent> each : intents.entrySet()) {
      assertInstanceOf(Settled.NotApplied.class, before.settle(each.getKey(), each.getValue()));
    }
    assertEquals(Optional.empty(), before.move(OLD, NEW, there));

    Tree after = reopen();
    for (Map.Entry<RelativePath, Intent> each : intents.entrySet()) {
      assertInstanceOf(Settled.Applied.class, after.settle(each.getKey(), each.getValue()));
    }
    assertInstanceOf(Look.Gone.class, after.look(OLD));
  }
}
