package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How a tree changes files, and what it refuses. */
interface ExchangeContract extends TreeUnderTest {
  RelativePath PATH = RelativePath.of("f");

  @Test
  default void createsAFileWithAllItsMetadata() throws Exception {
    Intent intent = fileIntent(Optional.empty(), "new");

    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(PATH, intent));

    assertEquals("new", user().read(PATH));
    assertEquals(found(PATH).stamp(), done.stamp());
    assertTrue(done.stamp().equalsExceptCtime(intent.staged().orElseThrow()));
    assertEquals(MTIME, done.actual().mtime());
    assertEquals(0640, found(PATH).attributes().mode());
    assertEquals(intent.target(), done.actual());
    assertEquals("", done.displaced());
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void neverReplacesWhenItCreates() throws Exception {
    Intent intent = fileIntent(Optional.empty(), "ours");
    user().write(PATH, "theirs");

    assertEquals(new Exchanged.Unexpected(), tree().exchange(PATH, intent));

    assertEquals("theirs", user().read(PATH));
    assertEquals("ours", readStaged(intent.stagedName()));
  }

  @Test
  default void neverReplacesWhatAppearsWhileItCreates() throws Exception {
    Intent intent = fileIntent(Optional.empty(), "ours");
    inTheWindow(() -> user().write(PATH, "theirs"));

    assertEquals(new Exchanged.Unexpected(), tree().exchange(PATH, intent));

    assertEquals("theirs", user().read(PATH));
    assertEquals("ours", readStaged(intent.stagedName()));
  }

  @Test
  default void replacesAFileAndKeepsWhatItHeld() throws Exception {
    user().write(PATH, "old");
    Intent intent = fileIntent(Optional.of(materialised("f")), "new");

    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(PATH, intent));

    assertEquals("new", user().read(PATH));
    assertEquals(found(PATH).stamp(), done.stamp());
    assertEquals("old", readStaged(done.displaced()));
    assertEquals(List.of(done.displaced()), tree().staged());
  }

  @Test
  default void touchesNothingWhenThePathWasWrittenToBefore() throws Exception {
    user().write(PATH, "old");
    Intent intent = fileIntent(Optional.of(materialised("f")), "new");
    user().write(PATH, "theirs");

    assertEquals(new Exchanged.Unexpected(), tree().exchange(PATH, intent));

    assertEquals("theirs", user().read(PATH));
    assertEquals(List.of(intent.stagedName()), tree().staged());
  }

  @Test
  default void touchesNothingWhenThePathWasRemovedBefore() throws Exception {
    user().write(PATH, "old");
    Intent intent = fileIntent(Optional.of(materialised("f")), "new");
    user().remove(PATH);

    assertEquals(new Exchanged.Unexpected(), tree().exchange(PATH, intent));

    assertFalse(user().exists(PATH));
  }

  @Test
  default void touchesNothingWhenAnEqualFileIsInThePlaceOfTheExpected() throws Exception {
    assumeTrue(stamps(), "no real stamps here");
    user().write(PATH, "old");
    user().touch(PATH, MTIME);
    Materialised expected = materialised("f");
    user().replace(PATH, "OLD");
    user().touch(PATH, MTIME);

    Intent replacement = fileIntent(Optional.of(expected), "new");
    assertEquals(new Exchanged.Unexpected(), tree().exchange(PATH, replacement));
    assertEquals(new Exchanged.Unexpected(), tree().exchange(PATH, removal(expected)));

    assertEquals("OLD", user().read(PATH));
  }

  @Test
  default void keepsAWriteThatComesIntoTheWindow() throws Exception {
    user().write(PATH, "old");
    Intent intent = fileIntent(Optional.of(materialised("f")), "new");
    inTheWindow(() -> user().write(PATH, "theirs, a longer one"));

    var overtaken = assertInstanceOf(Exchanged.Overtaken.class, tree().exchange(PATH, intent));

    assertEquals("new", user().read(PATH));
    assertEquals(found(PATH).stamp(), overtaken.stamp());
    assertEquals("theirs, a longer one", readStaged(overtaken.displaced()));
    assertEquals(20, overtaken.displacedLook().stamp().size());
  }

  @Test
  default void keepsAWriteThatComesIntoTheWindowOfARemoval() throws Exception {
    user().write(PATH, "old");
    Materialised expected = materialised("f");
    inTheWindow(() -> user().replace(PATH, "theirs"));

    var overtaken =
        assertInstanceOf(Exchanged.Overtaken.class, tree().exchange(PATH, removal(expected)));

    assertFalse(user().exists(PATH));
    assertEquals(Target.ABSENT, overtaken.actual());
    assertEquals("theirs", readStaged(overtaken.displaced()));
  }

  @Test
  default void givesTheStampOfWhatItPutWhenSomebodyWritesAtOnce() throws Exception {
    for (boolean inPlace : List.of(true, false)) {
      Intent intent = fileIntent(Optional.empty(), "new");
      afterTheChange(() -> {
        if (inPlace) {
          user().write(PATH, "theirs, longer");
        } else {
          user().replace(PATH, "theirs, longer");
        }
      });

      var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(PATH, intent));

      assertTrue(done.stamp().equalsExceptCtime(intent.staged().orElseThrow()));
      assertNotEquals(found(PATH).stamp(), done.stamp());
      assertEquals("theirs, longer", user().read(PATH));
      user().remove(PATH);
    }
  }

  @Test
  default void showsAReaderOneWholeVersionAtEveryMoment() throws Exception {
    String even = "even ".repeat(2_000);
    String odd = "odd ".repeat(3_000);
    tree().exchange(PATH, fileIntent(Optional.empty(), even));
    Set<String> wrong = new TreeSet<>();

    try (Reading reading =
        whileReading(
            PATH,
            content -> {
              if (!content.equals(Optional.of(even)) && !content.equals(Optional.of(odd))) {
                wrong.add(content.map(text -> text.length() + " bytes").orElse("nothing"));
              }
            })) {
      for (int round = 1; round <= 2_000; round++) {
        Intent intent = fileIntent(Optional.of(materialised("f")), round % 2 == 0 ? even : odd);
        var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(PATH, intent));
        tree().discard(done.displaced());
      }
    }

    assertEquals(Set.of(), wrong);
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void showsNoFileBeforeItHasItsMetadata() throws Exception {
    assumeTrue(stamps(), "a file that is being removed looks empty here");
    Set<String> wrong = new TreeSet<>();
    try (Reading reading = whileReading(PATH, content -> unfinished().ifPresent(wrong::add))) {
      for (int round = 0; round < 300; round++) {
        tree().exchange(PATH, fileIntent(Optional.empty(), "one"));
        tree().exchange(PATH, fileIntent(Optional.of(materialised("f")), "two"));
        tree().exchange(PATH, removal(materialised("f")));
        for (String displaced : tree().staged()) {
          tree().discard(displaced);
        }
      }
    }

    assertEquals(Set.of(), wrong);
  }

  /** What is wrong with the file at the path, if there is one. */
  private Optional<String> unfinished() {
    try {
      if (tree().look(PATH) instanceof Look.Found found
          && (found.attributes().mode() != 0640
              || found.stamp().size() != 3
              || !MTIME.equals(Instant.ofEpochSecond(0, found.stamp().mtimeNanos())))) {
        return Optional.of(found.toString());
      }
      return Optional.empty();
    } catch (TreeException failure) {
      return Optional.of(failure.toString());
    }
  }

  @Test
  default void removesAFileAndKeepsWhatItHeld() throws Exception {
    user().write(PATH, "old");

    var removed =
        assertInstanceOf(
            Exchanged.Removed.class, tree().exchange(PATH, removal(materialised("f"))));

    assertFalse(user().exists(PATH));
    assertEquals("old", readStaged(removed.displaced()));
  }

  @Test
  default void neverRemovesWhatWasWrittenTo() throws Exception {
    user().write(PATH, "old");
    Materialised expected = materialised("f");
    user().write(PATH, "theirs");

    assertEquals(new Exchanged.Unexpected(), tree().exchange(PATH, removal(expected)));

    assertEquals("theirs", user().read(PATH));
  }

  @Test
  default void answersRemovedWhenNothingWasThereAndNothingWasExpected() {
    Intent intent = bareIntent(Optional.empty(), Target.ABSENT);

    assertEquals(new Exchanged.Removed(""), tree().exchange(PATH, intent));
  }

  @Test
  default void writesNothingBelowASymbolicLinkInThePlaceOfADirectory() throws Exception {
    Files.createDirectory(outside().resolve("dir"));
    Files.writeString(outside().resolve("dir").resolve("canary"), "safe");
    user().link(RelativePath.of("link"), outsideText("dir"));
    RelativePath canary = RelativePath.of("link/canary");
    RelativePath fresh = RelativePath.of("link/fresh");
    user().write(PATH, "safe");
    Materialised expected = materialised("f");

    for (RelativePath path : List.of(canary, fresh)) {
      for (Optional<Materialised> believed :
          List.of(Optional.of(expected), Optional.<Materialised>empty())) {
        Exchanged answer = tree().exchange(path, fileIntent(believed, "evil"));
        var failed = assertInstanceOf(Exchanged.Failed.class, answer);
        assertEquals(Problem.Kind.OBSTRUCTED, failed.problem().kind());
      }
      assertInstanceOf(Exchanged.Failed.class, tree().exchange(path, removal(expected)));
    }

    assertEquals("safe", Files.readString(outside().resolve("dir").resolve("canary")));
    assertFalse(Files.exists(outside().resolve("dir").resolve("fresh")));
  }

  @Test
  default void failsWhereTheDirectoryIsMissing() throws Exception {
    RelativePath path = RelativePath.of("none/f");

    var failed =
        assertInstanceOf(
            Exchanged.Failed.class, tree().exchange(path, fileIntent(Optional.empty(), "x")));

    assertEquals(Problem.Kind.OBSTRUCTED, failed.problem().kind());
  }

  @Test
  default void refusesNamesOfItsOwn() throws Exception {
    for (String own : List.of(".replicator", ".replicator/x")) {
      var failed =
          assertInstanceOf(
              Exchanged.Failed.class,
              tree().exchange(RelativePath.of(own), fileIntent(Optional.empty(), "x")));
      assertEquals(Problem.Kind.REFUSED, failed.problem().kind());
    }
  }

  @Test
  default void putsNothingIntoAnotherRoot() throws Exception {
    tree().pin(tree().identity());
    Intent intent = fileIntent(Optional.empty(), "new");
    user().replaceRoot();

    assertInstanceOf(Exchanged.Failed.class, tree().exchange(PATH, intent));

    assertFalse(user().exists(PATH));
  }

  @Test
  default void failsWhenTheStagedObjectIsMissing() throws Exception {
    Intent intent = fileIntent(Optional.empty(), "new");
    tree().discard(intent.stagedName());

    assertInstanceOf(Exchanged.Failed.class, tree().exchange(PATH, intent));
    assertEquals(new Look.Gone(), tree().look(PATH));
  }

  @Test
  default void createsAndReplacesNamesThatAreNotText() throws Exception {
    assumeTrue(tree().capabilities().rawNames(), "names of this file system are text");
    for (String name : List.of("\u00ff\n", "-\u00fe", "\u00ff".repeat(255))) {
      RelativePath path = TreeUnderTest.raw(name);
      var created =
          assertInstanceOf(
              Exchanged.Done.class, tree().exchange(path, fileIntent(Optional.empty(), "one")));
      Materialised expected =
          new Materialised(
              created.stamp(), created.actual(), created.actual().attributes(), Knowledge.NONE);
      assertInstanceOf(
          Exchanged.Done.class, tree().exchange(path, fileIntent(Optional.of(expected), "two")));

      assertEquals("two", user().read(path));
    }
  }
}
