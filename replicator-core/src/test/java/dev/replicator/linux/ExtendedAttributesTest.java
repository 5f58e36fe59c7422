package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Limits;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUnderTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which extended attributes travel, and how they are put. */
final class ExtendedAttributesTest extends LinuxTreeFixture {
  private static final RelativePath FILE = RelativePath.of("f");

  /** user::rw-, user:12345:r--, group::r--, mask::rw-, other::---. */
  private static final Bytes ACCESS_LIST =
      Bytes.ofHex(
          "02000000"
              + "01000600ffffffff"
              + "0200040039300000"
              + "04000400ffffffff"
              + "10000600ffffffff"
              + "20000000ffffffff");

  @BeforeEach
  void requireAttributes() {
    assumeTrue(tree().capabilities().extendedAttributes(), "no extended attributes here");
  }

  private Attributes with(EntryType type, int mode, SortedMap<String, Bytes> extended)
      throws TreeException {
    Attributes plain = attributes(type, mode);
    return new Attributes(type, mode, plain.owner(), plain.group(), extended);
  }

  private void set(RelativePath path, String name, byte[] value) throws Exception {
    try (Descriptor file =
        PathCalls.openNamed(AdminPath.octets(root().resolve(path.toString())), PathCalls.LOCATE)) {
      PathCalls.setAttribute(file.number(), name.getBytes(StandardCharsets.UTF_8), value, 0);
    }
  }

  @Test
  void putsAnAccessListAndTheModeThatGoesWithIt() throws Exception {
    TreeMap<String, Bytes> extended = new TreeMap<>();
    extended.put("system.posix_acl_access", ACCESS_LIST);
    Attributes attributes = with(EntryType.FILE, 0660, extended);
    Target target = new Target(TreeUnderTest.file("x"), MTIME, attributes);

    Intent intent = intent(Optional.empty(), target, stageFile("x", target));
    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(FILE, intent));

    assertEquals(attributes, done.actual().attributes());
    assertEquals(attributes, found("f").attributes());
    assertEquals(MTIME.getNano(), done.actual().mtime().getNano());
  }

  @Test
  void putsTheDefaultListOfADirectoryAndGivesItToNothingStaged() throws Exception {
    TreeMap<String, Bytes> extended = new TreeMap<>();
    extended.put("system.posix_acl_default", ACCESS_LIST);
    Attributes attributes = with(EntryType.DIRECTORY, 0750, extended);
    Target target = new Target(dev.replicator.model.Entry.DIRECTORY, MTIME, attributes);
    RelativePath directory = RelativePath.of("d");

    var done =
        assertInstanceOf(
            Exchanged.Done.class,
            tree().exchange(directory, stagedIntent(Optional.empty(), target)));
    tree().exchange(directory.child("f"), fileIntent(Optional.empty(), "x"));

    assertEquals(attributes, done.actual().attributes());
    assertEquals(new TreeMap<>(), found("d/f").attributes().extended());
  }

  /** Their change leaves size, time and mode as they were. */
  @Test
  void seesWhatSomebodySetInTheLastMomentBeforeHisFileGaveWay() throws Exception {
    user().write(FILE, "old");
    Intent intent = fileIntent(Optional.of(materialised("f")), "new");
    inTheWindow(() -> {
      try {
        set(FILE, "user.late", new byte[] {1});
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      }
    });
    var overtaken = assertInstanceOf(Exchanged.Overtaken.class, tree().exchange(FILE, intent));
    assertEquals(Set.of("user.late"), overtaken.displacedLook().attributes().extended().keySet());
  }

  /** It would be taken for what was put, and told to nobody. */
  @Test
  void doesNotTakeForItsOwnWhatSomebodySetJustAfterTheExchange() throws Exception {
    afterTheChange(() -> {
      try {
        set(FILE, "user.late", new byte[] {1});
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      }
    });
    var done =
        assertInstanceOf(
            Exchanged.Done.class, tree().exchange(FILE, fileIntent(Optional.empty(), "new")));
    assertEquals(new TreeMap<>(), done.actual().attributes().extended());
    assertNotEquals(found("f").stamp(), done.stamp());
  }

  @Test
  void carriesNeitherItsOwnMarkNorWhatBelongsToTheSystem() throws Exception {
    user().write(FILE, "x");
    set(FILE, "user.one", new byte[] {1});
    set(FILE, "user.replicator.own", new byte[] {2});
    tree().mark(tree().identity().withMarker("marker"));

    TreeMap<String, Bytes> expected = new TreeMap<>();
    expected.put("user.one", Bytes.copyOf(new byte[] {1}));
    assertEquals(expected, found("f").attributes().extended());
    assertEquals(new TreeMap<>(), found(RelativePath.ROOT).attributes().extended());
  }

  @Test
  void putsNoCapabilityThatAPeerAsksFor() throws Exception {
    TreeMap<String, Bytes> extended = new TreeMap<>();
    extended.put("security.capability", Bytes.ofHex("0000000200040000000000000000000000000000"));
    extended.put("trusted.x", Bytes.EMPTY);
    extended.put("user.replicator.root", Bytes.EMPTY);
    extended.put("user.", Bytes.EMPTY);
    Target target =
        new Target(TreeUnderTest.file("x"), MTIME, with(EntryType.FILE, 0700, extended));

    Intent intent = intent(Optional.empty(), target, stageFile("x", target));
    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(FILE, intent));

    assertEquals(new TreeMap<>(), done.actual().attributes().extended());
    try (Descriptor file =
        PathCalls.openNamed(AdminPath.octets(root().resolve("f")), PathCalls.LOCATE)) {
      assertEquals(0, PathCalls.attributeNames(file.number()).length);
    }
  }

  @Test
  void tellsWhatCouldNotBePut() throws Exception {
    TreeMap<String, Bytes> extended = new TreeMap<>();
    extended.put("system.posix_acl_access", Bytes.ofHex("0200"));
    extended.put("user.large", Bytes.copyOf(new byte[Limits.EXTENDED_ATTRIBUTES_BYTES_MAX / 2]));
    extended.put("user.small", Bytes.EMPTY);
    Target target =
        new Target(TreeUnderTest.file("x"), MTIME, with(EntryType.FILE, 0640, extended));

    Intent intent = intent(Optional.empty(), target, stageFile("x", target));
    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(FILE, intent));

    TreeMap<String, Bytes> possible = new TreeMap<>();
    possible.put("user.small", Bytes.EMPTY);
    assertEquals(possible, done.actual().attributes().extended());
    // That mode goes with the list: without it the group is let in by nobody.
    assertEquals(0600, done.actual().attributes().mode());
  }

  @Test
  void givesUpOnOneFileWithTooManyAndNotOnItsDirectory() throws Exception {
    // Many file systems keep only small ones; this one keeps what there is memory for.
    try (OwnDisk disk = OwnDisk.of("tmpfs")) {
      Path root = disk.directory();
      Path file = Files.createFile(root.resolve("f"));
      for (int number = 0; number < 5; number++) {
        Files.setAttribute(file, "user:large" + number, ByteBuffer.allocate(60_000));
      }
      try (LinuxTree large = LinuxTree.open(root, disk.directory())) {
        TreeException refused = assertThrows(TreeException.class, () -> large.look(FILE));

        assertEquals(Problem.Kind.TOO_LARGE, refused.problem().kind());
        assertEquals(1, large.list(RelativePath.ROOT).size());
      }
    }
  }
}
