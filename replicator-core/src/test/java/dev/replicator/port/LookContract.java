package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Child;
import dev.replicator.port.Tree.Look;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a tree tells of the disk. */
interface LookContract extends TreeUnderTest {
  @Test
  default void findsAFileWithItsSizeTimeAndMode() throws Exception {
    RelativePath path = RelativePath.of("a.txt");
    user().write(path, "hello");
    user().changeMode(path, 0604);
    user().touch(path, MTIME);

    Look.Found found = found(path);

    assertEquals(EntryType.FILE, found.type());
    assertEquals(5, found.stamp().size());
    assertEquals(MTIME, java.time.Instant.ofEpochSecond(0, found.stamp().mtimeNanos()));
    assertEquals(0604, found.attributes().mode());
    assertEquals(EntryType.FILE, found.attributes().type());
    assertEquals(Bytes.EMPTY, found.linkTarget());
  }

  @Test
  default void findsADirectoryAndTheRoot() throws Exception {
    user().makeDirectory(RelativePath.of("d"));

    assertEquals(EntryType.DIRECTORY, found("d").type());
    assertEquals(EntryType.DIRECTORY, found(RelativePath.ROOT).type());
  }

  @Test
  default void tellsTheTextOfASymbolicLinkAndDoesNotFollowIt() throws Exception {
    Files.writeString(outside().resolve("canary"), "secret");
    RelativePath path = RelativePath.of("link");
    user().link(path, outsideText("canary"));

    Look.Found found = found(path);

    assertEquals(EntryType.SYMLINK, found.type());
    assertEquals(outsideText("canary"), found.linkTarget());
    assertThrows(TreeException.class, () -> tree().read(path, found.stamp()));
  }

  @Test
  default void saysGoneForANameThatIsNotThere() throws Exception {
    assertEquals(new Look.Gone(), tree().look(RelativePath.of("none")));
    assertEquals(new Look.Gone(), tree().look(RelativePath.of("none/below")));
  }

  @Test
  default void saysGoneBelowAFile() throws Exception {
    user().write(RelativePath.of("file"), "x");

    assertEquals(new Look.Gone(), tree().look(RelativePath.of("file/below")));
  }

  @Test
  default void neverLooksThroughASymbolicLinkInThePlaceOfADirectory() throws Exception {
    Files.createDirectory(outside().resolve("dir"));
    Files.writeString(outside().resolve("dir").resolve("canary"), "secret");
    RelativePath link = RelativePath.of("link");
    user().link(link, outsideText("dir"));
    RelativePath below = RelativePath.of("link/canary");

    assertEquals(new Look.Gone(), tree().look(below));
    assertThrows(TreeException.class, () -> tree().list(link));
    assertThrows(TreeException.class, () -> tree().read(below, found(link).stamp()));
  }

  @Test
  default void listsAllNamesInTheOrderOfPaths() throws Exception {
    for (String name : List.of("b", "a", "c", "a.b", "A")) {
      user().write(RelativePath.of(name), name);
    }
    user().makeDirectory(RelativePath.of("d"));
    user().write(RelativePath.of("d/inner"), "x");

    List<Child> children = tree().list(RelativePath.ROOT);

    assertEquals(
        List.of("A", "a", "a.b", "b", "c", "d"),
        children.stream().map(child -> child.path().toString()).toList());
    for (Child child : children) {
      assertEquals(tree().look(child.path()), child.look());
    }
    assertEquals(
        List.of(RelativePath.of("d/inner")),
        tree().list(RelativePath.of("d")).stream().map(Child::path).toList());
  }

  @Test
  default void listsADirectoryPageByPage() throws Exception {
    for (String name : List.of("b", "a", "c", "a.b", "A")) {
      user().write(RelativePath.of(name), name);
    }
    List<Child> pages = new ArrayList<>();
    try (Tree.Listing listing = tree().listing(RelativePath.ROOT)) {
      List<Child> page = listing.next(2);
      while (!page.isEmpty()) {
        assertTrue(page.size() <= 2);
        pages.addAll(page);
        page = listing.next(2);
      }
    }
    assertEquals(tree().list(RelativePath.ROOT), pages);
    assertThrows(TreeException.class, () -> tree().listing(RelativePath.of("a")));
  }

  @Test
  default void hidesItsOwnDirectory() throws Exception {
    RelativePath own = RelativePath.of(".replicator");
    RelativePath inner = own.child("inner");
    user().makeDirectory(own);
    user().write(inner, "x");
    user().write(RelativePath.of(".replicator2"), "x");

    assertEquals(
        List.of(RelativePath.of(".replicator2")),
        tree().list(RelativePath.ROOT).stream().map(Child::path).toList());
    assertEquals(new Look.Gone(), tree().look(own));
    assertEquals(new Look.Gone(), tree().look(inner));
    assertThrows(TreeException.class, () -> tree().list(own));
  }

  @Test
  default void keepsEveryByteOfAName() throws Exception {
    assumeTrue(tree().capabilities().rawNames(), "names of this file system are text");
    List<RelativePath> names =
        List.of(
            TreeUnderTest.raw("-rf"),
            TreeUnderTest.raw("a\nb"),
            TreeUnderTest.raw("a\u00fe"),
            TreeUnderTest.raw("a\u00ff"),
            TreeUnderTest.raw("caf\u00c3\u00a9 100% #?;"),
            TreeUnderTest.raw("\u00c0\u00af"),
            TreeUnderTest.raw("\u00ed\u00a0\u0080"),
            TreeUnderTest.raw("\u00ff".repeat(255)));
    for (RelativePath name : names) {
      user().write(name, name.toString());
    }

    assertEquals(
        names.stream().sorted().toList(),
        tree().list(RelativePath.ROOT).stream().map(Child::path).toList());
    for (RelativePath name : names) {
      try (SeekableByteChannel channel = tree().read(name, found(name).stamp())) {
        assertEquals(name.toString(), TreeUnderTest.read(channel));
      }
    }
  }

  @Test
  default void keepsEveryByteOfALinkText() throws Exception {
    assumeTrue(tree().capabilities().rawNames(), "names of this file system are text");
    for (String text : List.of("\u00ff", "/\u00fe\u00ff", "../x\n", "a/./b/..", "/", ".")) {
      RelativePath path = RelativePath.of("link");
      user().link(path, TreeUnderTest.bytes(text));

      assertEquals(TreeUnderTest.bytes(text), found(path).linkTarget());
      user().remove(path);
    }
  }

  @Test
  default void reportsAFifoAndNeverOpensIt() throws Exception {
    RelativePath path = RelativePath.of("fifo");
    assumeTrue(user().makeFifo(path), "no FIFOs here");

    assertEquals(new Look.Special("FIFO"), tree().look(path));
    assertEquals(
        List.of(new Child(path, new Look.Special("FIFO"))), tree().list(RelativePath.ROOT));
    Stamp any = found(RelativePath.ROOT).stamp();
    assertThrows(TreeException.class, () -> tree().read(path, any));
    tree().sync(List.of(path));
  }

  @Test
  default void givesAnotherStampAfterEveryWrite() throws Exception {
    assumeTrue(stamps(), "no real stamps here");
    RelativePath path = RelativePath.of("f");
    user().write(path, "one");
    user().touch(path, MTIME);
    Stamp before = found(path).stamp();

    user().write(path, "two");
    user().touch(path, MTIME);

    assertNotEquals(before, found(path).stamp());
  }

  @Test
  default void readsAFileFromItsStart() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "content");

    try (SeekableByteChannel channel = tree().read(path, found(path).stamp())) {
      assertEquals(0, channel.position());
      assertEquals("content", TreeUnderTest.read(channel));
    }
  }

  @Test
  default void refusesToReadWhatChangedSinceItsStamp() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "content");
    Stamp before = found(path).stamp();

    user().write(path, "longer content");

    TreeException refused = assertThrows(TreeException.class, () -> tree().read(path, before));
    assertEquals(Problem.Kind.BUSY, refused.problem().kind());
  }

  @Test
  default void readsOnWhatSomebodyAppendedTo() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "content");
    Stamp before = found(path).stamp();

    user().write(path, "content and more");

    try (SeekableByteChannel channel = tree().readOn(path, before)) {
      assertEquals(0, channel.position());
      assertEquals("content and more", TreeUnderTest.read(channel));
    }
    try (SeekableByteChannel channel = tree().readOn(path, found(path).stamp())) {
      assertEquals("content and more", TreeUnderTest.read(channel));
    }
  }

  @Test
  default void doesNotReadOnWhatIsShorterOrAnotherFileOrGone() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "content");
    Stamp before = found(path).stamp();

    user().write(path, "short");
    refusesToReadOn(path, before);

    if (stamps()) {
      user().replace(path, "content of another");
      refusesToReadOn(path, before);
    }
    user().remove(path);
    assertThrows(TreeException.class, () -> tree().readOn(path, before));
  }

  private void refusesToReadOn(RelativePath path, Stamp stamp) {
    TreeException refused = assertThrows(TreeException.class, () -> tree().readOn(path, stamp));
    assertEquals(Problem.Kind.BUSY, refused.problem().kind());
  }

  @Test
  default void refusesToReadWhatIsGone() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "content");
    Stamp before = found(path).stamp();
    user().remove(path);

    assertThrows(TreeException.class, () -> tree().read(path, before));
  }

  @Test
  default void saysRootLostWhenAnotherDirectoryIsInItsPlace() throws Exception {
    user().write(RelativePath.of("f"), "x");
    tree().pin(tree().identity());

    user().replaceRoot();

    assertInstanceOf(Look.RootLost.class, tree().look(RelativePath.of("f")));
    assertInstanceOf(Look.RootLost.class, tree().look(RelativePath.ROOT));
    assertThrows(TreeException.class, () -> tree().list(RelativePath.ROOT));
  }

  @Test
  default void saysRootLostWhenTheRootIsMissing() throws Exception {
    tree().pin(tree().identity());

    user().takeRootAway();

    assertInstanceOf(Look.RootLost.class, tree().look(RelativePath.of("f")));
    assertThrows(TreeException.class, () -> tree().identity());
  }

  @Test
  default void keepsTheMarkerOfARoot() throws Exception {
    RootIdentity before = tree().identity();
    assertEquals("", before.marker());

    tree().mark(before.withMarker("marker"));
    tree().mark(before.withMarker("marker"));

    assertEquals("marker", reopen().identity().marker());
    assertEquals(before.inode(), tree().identity().inode());
    assertThrows(TreeException.class, () -> tree().mark(before.withMarker("another")));
    assertEquals("marker", tree().identity().marker());
  }

  @Test
  default void knowsHowMuchRoomIsLeft() throws IOException {
    Tree.Space space = tree().space();
    assertTrue(space.free() > 0);
    assertTrue(space.total() >= space.free());
  }
}
