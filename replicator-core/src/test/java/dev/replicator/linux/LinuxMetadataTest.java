package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.MetadataRules;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUnderTest;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a root may allow, and metadata that only system calls reach. */
final class LinuxMetadataTest extends LinuxTreeFixture {
  private static final RelativePath FILE = RelativePath.of("f");
  private static final String CAPABILITIES = "security.capability";

  /** cap_net_bind_service=ep. */
  private static final Bytes BIND = Bytes.ofHex("0100000200040000000000000000000000000000");

  @Override
  MetadataRules rules() {
    return new MetadataRules(
        MetadataRules.SetId.ALLOWED, Optional.of("23456"), Optional.of("daemon"));
  }

  private Exchanged.Done put(Attributes attributes) throws TreeException {
    Target target = new Target(TreeUnderTest.file("x"), MTIME, attributes);
    Intent intent = intent(Optional.empty(), target, stageFile("x", target));
    return assertInstanceOf(Exchanged.Done.class, tree().exchange(FILE, intent));
  }

  private Attributes with(int mode, SortedMap<String, Bytes> extended) throws TreeException {
    Attributes plain = attributes(EntryType.FILE, mode);
    return new Attributes(EntryType.FILE, mode, plain.owner(), plain.group(), extended);
  }

  @Test
  void givesSetIdBitsAndCapabilitiesWhereTheyAreAllowed() throws Exception {
    assumeTrue(tree().capabilities().owners(), "capabilities are root's to give");
    TreeMap<String, Bytes> extended = new TreeMap<>();
    extended.put(CAPABILITIES, BIND);
    Attributes attributes = with(06755, extended);

    var done = put(attributes);

    assertEquals(attributes, done.actual().attributes());
    assertEquals(06755, found("f").attributes().mode());
    assertEquals(extended, found("f").attributes().extended());
  }

  /** A change of owner takes it away, also where it was there before. */
  @Test
  void keepsACapabilityWhenTheOwnerChanges() throws Exception {
    assumeTrue(tree().capabilities().owners(), "capabilities are root's to give");
    TreeMap<String, Bytes> extended = new TreeMap<>();
    extended.put(CAPABILITIES, BIND);
    put(with(0755, extended));
    Materialised expected = materialised("f");
    Principal other = new Principal("", 34_567);
    Attributes asked = new Attributes(EntryType.FILE, 0755, other, other, extended);

    tree()
        .exchange(
            FILE, bareIntent(Optional.of(expected), new Target(expected.entry(), MTIME, asked)));

    assertEquals(34_567, found("f").stamp().uid());
    assertEquals(extended, found("f").attributes().extended());
  }

  @Test
  void givesWhatIsOfStrangersToWhomTheRootNames() throws Exception {
    assumeTrue(tree().capabilities().owners(), "only root may give files away");
    Principal stranger = new Principal("no-such-user-here", 34_567);

    put(new Attributes(EntryType.FILE, 0640, stranger, stranger));

    assertEquals(23_456, found("f").stamp().uid());
    assertEquals("daemon", found("f").attributes().group().name());
  }

  @Test
  void takesTheNumberOfAnOwnerWithoutAName() throws Exception {
    assumeTrue(tree().capabilities().owners(), "only root may give files away");
    Principal nameless = new Principal("", 34_567);

    put(new Attributes(EntryType.FILE, 0640, nameless, nameless));

    assertEquals(34_567, found("f").stamp().uid());
    assertEquals(34_567, found("f").stamp().gid());
  }

  @Test
  void refusesARootWhoseStrangersWouldBeNobodyOrRoot() {
    for (String name : new String[] {"no-such-user-here", "root", "0"}) {
      MetadataRules rules =
          new MetadataRules(MetadataRules.SetId.STRIPPED, Optional.of(name), Optional.empty());

      TreeException refused =
          assertThrows(
              TreeException.class,
              () -> LinuxTree.open(root(), base().resolve("other"), rules).close());

      assertEquals(Problem.Kind.REFUSED, refused.problem().kind());
    }
  }

  @Test
  void noticesOtherAttributesOfADirectoryThatChangeNothingElse() throws Exception {
    assumeTrue(tree().capabilities().extendedAttributes(), "no extended attributes here");
    RelativePath directory = RelativePath.of("d");
    user().makeDirectory(directory);
    Materialised expected = materialised("d");
    assertTrue(found("d").holds(expected));
    try (Descriptor held =
        PathCalls.openNamed(AdminPath.octets(root().resolve("d")), PathCalls.LOCATE)) {
      PathCalls.setAttribute(held.number(), "user.x".getBytes(), new byte[] {1}, 0);
    }

    assertFalse(found("d").holds(expected));
    Look listed = tree().list(RelativePath.ROOT).getFirst().look();
    assertFalse(assertInstanceOf(Look.Found.class, listed).holds(expected));
    assertEquals(found("d"), listed);
  }

  @Test
  void leavesTheOtherNamesOfASymbolicLinkAsTheyAre() throws Exception {
    Files.createSymbolicLink(root().resolve("l"), root().resolve("nowhere"));
    Files.createLink(root().resolve("other"), root().resolve("l"));
    Materialised expected = materialised("l");
    Target touched = new Target(expected.entry(), MTIME, attributes(EntryType.SYMLINK, 0777));

    Exchanged answer =
        tree().exchange(RelativePath.of("l"), bareIntent(Optional.of(expected), touched));

    var done = assertInstanceOf(Exchanged.Done.class, answer);
    assertEquals(MTIME, done.actual().mtime());
    assertEquals(expected.stamp().inode(), found("other").stamp().inode());
    assertEquals(expected.stamp().mtimeNanos(), found("other").stamp().mtimeNanos());
    assertNotEquals(expected.stamp().inode(), found("l").stamp().inode());
    assertEquals("", done.displaced());
    assertTrue(tree().staged().isEmpty());
    assertTrue(Files.isSymbolicLink(root().resolve("l")));
    assertFalse(Files.exists(root().resolve("nowhere"), LinkOption.NOFOLLOW_LINKS));
    assertEquals(new Entry.Symlink(found("l").linkTarget()), expected.entry());
  }
}
