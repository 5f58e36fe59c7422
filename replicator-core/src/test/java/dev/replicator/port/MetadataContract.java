package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Owner, mode and time of what a tree puts. */
interface MetadataContract extends TreeUnderTest {
  RelativePath FILE = RelativePath.of("f");

  /** Metadata alone: the entry is the expected one. */
  private Intent change(Materialised expected, Instant mtime, int mode) throws TreeException {
    Attributes attributes = attributes(expected.entry().type(), mode);
    return bareIntent(Optional.of(expected), new Target(expected.entry(), mtime, attributes));
  }

  private Exchanged.Done put(RelativePath path, Attributes attributes) throws TreeException {
    Target target = new Target(TreeUnderTest.file("x"), MTIME, attributes);
    Intent intent = intent(Optional.empty(), target, stageFile("x", target));
    return assertInstanceOf(Exchanged.Done.class, tree().exchange(path, intent));
  }

  @Test
  default void changesModeAndTimeInPlace() throws Exception {
    user().write(FILE, "same");
    Materialised expected = materialised("f");

    Exchanged answer = tree().exchange(FILE, change(expected, MTIME, 0600));

    var done = assertInstanceOf(Exchanged.Done.class, answer);
    assertEquals("same", user().read(FILE));
    assertEquals(found("f").stamp(), done.stamp());
    assertEquals(expected.stamp().inode(), done.stamp().inode());
    assertEquals(0600, done.actual().attributes().mode());
    assertEquals(MTIME, done.actual().mtime());
    assertEquals("", done.displaced());
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void changesNoMetadataOfAFileThatWasWrittenTo() throws Exception {
    user().write(FILE, "same");
    user().changeMode(FILE, 0644);
    Materialised expected = materialised("f");
    user().write(FILE, "theirs");

    assertEquals(new Exchanged.Unexpected(), tree().exchange(FILE, change(expected, MTIME, 0600)));

    assertEquals(0644, found("f").attributes().mode());
  }

  @Test
  default void leavesTheOtherNamesOfAFileAsTheyAre() throws Exception {
    assumeTrue(stamps(), "names of one file are not counted here");
    RelativePath other = RelativePath.of("other");
    user().write(FILE, "same");
    user().changeMode(FILE, 0644);
    user().hardLink(FILE, other);
    Materialised expected = materialised("f");

    Exchanged answer = tree().exchange(FILE, change(expected, MTIME, 0600));

    var done = assertInstanceOf(Exchanged.Done.class, answer);
    assertEquals("same", user().read(FILE));
    assertEquals(0600, found("f").attributes().mode());
    assertEquals(found("f").stamp(), done.stamp());
    assertEquals(0644, found(other).attributes().mode());
    assertEquals(expected.stamp().inode(), found(other).stamp().inode());
    assertNotEquals(found(other).stamp().inode(), done.stamp().inode());
    // What gave way to a copy may be written to still: whoever asked for this looks at it.
    if (!done.displaced().isEmpty()) {
      tree().discard(done.displaced());
    }
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void showsAWriteThatComesBeforeMetadataIsChanged() throws Exception {
    user().write(FILE, "same");
    Materialised expected = materialised("f");
    inTheWindow(() -> user().write(FILE, "theirs, longer"));

    Exchanged answer = tree().exchange(FILE, change(expected, MTIME, 0600));

    if (answer instanceof Exchanged.Done done) {
      assertNotEquals(found("f").stamp(), done.stamp());
    }
    assertEquals("theirs, longer", user().read(FILE));
  }

  @Test
  default void neverGivesAFileSetIdBits() throws Exception {
    assumeTrue(stamps(), "no set-id bits here");

    var done = put(FILE, attributes(EntryType.FILE, 06755));

    assertEquals(0755, found("f").attributes().mode());
    assertEquals(0755, done.actual().attributes().mode());
  }

  @Test
  default void keepsTheSetgidAndStickyBitsOfADirectory() throws Exception {
    assumeTrue(stamps(), "no set-id bits here");
    Intent intent = stagedIntent(Optional.empty(), directoryTarget(03775));

    assertInstanceOf(Exchanged.Done.class, tree().exchange(FILE, intent));

    assertEquals(03775, found("f").attributes().mode());
  }

  @Test
  default void keepsTheNanosecondsOfATime() throws Exception {
    for (String time : List.of("1969-12-31T23:59:58Z", "2106-02-07T06:28:16.500000001Z")) {
      assumeTrue(stamps(), "no real times here");
      Instant mtime = Instant.parse(time);
      Target target = new Target(TreeUnderTest.file("x"), mtime, attributes(EntryType.FILE, 0644));
      RelativePath path = RelativePath.of(time);

      tree().exchange(path, intent(Optional.empty(), target, stageFile("x", target)));

      assertEquals(mtime, Instant.ofEpochSecond(0, found(path).stamp().mtimeNanos()));
    }
  }

  @Test
  default void keepsExtendedAttributes() throws Exception {
    assumeTrue(tree().capabilities().extendedAttributes(), "no extended attributes here");
    Attributes plain = attributes(EntryType.FILE, 0640);
    TreeMap<String, Bytes> extended = new TreeMap<>();
    extended.put("user.one", TreeUnderTest.bytes("\0\u00ff"));
    extended.put("user.two", Bytes.EMPTY);
    Attributes full = new Attributes(EntryType.FILE, 0640, plain.owner(), plain.group(), extended);

    var done = put(FILE, full);

    assertEquals(extended, found("f").attributes().extended());
    assertEquals(full, done.actual().attributes());

    Materialised expected = materialised("f");
    var stripped =
        assertInstanceOf(
            Exchanged.Done.class, tree().exchange(FILE, change(expected, MTIME, 0600)));
    assertEquals(new TreeMap<>(), found("f").attributes().extended());
    assertEquals(new TreeMap<>(), stripped.actual().attributes().extended());
  }

  @Test
  default void givesEverythingItPutsToItsOwner() throws Exception {
    assumeTrue(tree().capabilities().owners(), "only root may give files away");
    Principal someone = new Principal("", 12_345);
    put(FILE, new Attributes(EntryType.FILE, 0640, someone, someone));
    RelativePath directory = RelativePath.of("d");
    Attributes ofDirectory = new Attributes(EntryType.DIRECTORY, 0750, someone, someone);
    RelativePath link = RelativePath.of("l");
    Attributes ofLink = new Attributes(EntryType.SYMLINK, 0777, someone, someone);

    tree()
        .exchange(
            directory,
            stagedIntent(Optional.empty(), new Target(Entry.DIRECTORY, MTIME, ofDirectory)));
    tree()
        .exchange(
            link,
            stagedIntent(
                Optional.empty(),
                new Target(new Entry.Symlink(TreeUnderTest.bytes("x")), MTIME, ofLink)));

    for (RelativePath path : List.of(FILE, directory, link)) {
      assertEquals(12_345, found(path).stamp().uid());
      assertEquals(12_345, found(path).stamp().gid());
      assertEquals(someone, found(path).attributes().owner());
    }
    assertEquals(0640, found(FILE).attributes().mode());
  }

  @Test
  default void findsAnOwnerByNameFirst() throws Exception {
    assumeTrue(tree().capabilities().owners(), "only root may give files away");
    Principal named = new Principal("daemon", 54_321);

    var done = put(FILE, new Attributes(EntryType.FILE, 0640, named, named));

    assertEquals("daemon", found("f").attributes().owner().name());
    assertNotEquals(54_321, found("f").stamp().uid());
    assertEquals(found("f").attributes(), done.actual().attributes());
  }

  @Test
  default void takesTheNumberOfAnOwnerWhoseNameIsNotKnown() throws Exception {
    assumeTrue(tree().capabilities().owners(), "only root may give files away");
    Principal stranger = new Principal("no-such-user-here", 23_456);

    put(FILE, new Attributes(EntryType.FILE, 0640, stranger, stranger));

    assertEquals(new Principal("", 23_456), found("f").attributes().owner());
  }

  @Test
  default void keepsTheTimeAndTheOwnerOfASymbolicLink() throws Exception {
    assumeTrue(stamps(), "no real times here");
    RelativePath link = RelativePath.of("l");
    Target target = linkTarget("nowhere");

    Exchanged answer = tree().exchange(link, stagedIntent(Optional.empty(), target));

    var done = assertInstanceOf(Exchanged.Done.class, answer);
    assertEquals(target, done.actual());
    assertEquals(MTIME, Instant.ofEpochSecond(0, found(link).stamp().mtimeNanos()));

    Instant later = MTIME.plusSeconds(1);
    Materialised expected =
        new Materialised(done.stamp(), done.actual(), done.actual().attributes(), Knowledge.NONE);
    Target touched = new Target(target.entry(), later, target.attributes());
    tree().exchange(link, bareIntent(Optional.of(expected), touched));

    assertEquals(later, Instant.ofEpochSecond(0, found(link).stamp().mtimeNanos()));
    assertFalse(found(link).holds(expected));
  }

  @Test
  default void givesNothingNewToRootByItsNumber() throws Exception {
    assumeTrue(tree().capabilities().owners(), "only root may give files away");
    Principal sly = new Principal("no-such-user-here", 0);

    var done = put(FILE, new Attributes(EntryType.FILE, 0644, sly, sly));

    assertNotEquals(0, done.stamp().uid());
    assertNotEquals(0, done.stamp().gid());
  }

  @Test
  default void neverGivesAnythingToRootByItsNumber() throws Exception {
    assumeTrue(tree().capabilities().owners(), "only root may give files away");
    Principal someone = new Principal("", 12_345);
    put(FILE, new Attributes(EntryType.FILE, 0640, someone, someone));
    Principal sly = new Principal("no-such-user-here", 0);
    Target target =
        new Target(TreeUnderTest.file("x"), MTIME, new Attributes(EntryType.FILE, 0644, sly, sly));

    Intent intent = bareIntent(Optional.of(materialised("f")), target);
    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(FILE, intent));

    assertEquals(12_345, done.stamp().uid());
    assertEquals(12_345, done.stamp().gid());
    assertEquals(0644, done.actual().attributes().mode());
  }
}
