package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.EntryType;
import dev.replicator.model.Principal;
import dev.replicator.port.Tree.StagedFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in staging that are written over several starts. */
final class PartsTest {
  private static final Digest CONTENT = Digest.ofHex("ab".repeat(Digest.LENGTH_BYTES));
  private static final Digest OTHER = Digest.ofHex("cd".repeat(Digest.LENGTH_BYTES));
  private static final byte[] BEGUN = {1, 2, 3};

  @TempDir private Path directory;
  private Optional<LinuxTree> opened = Optional.empty();

  @BeforeEach
  void open() throws Exception {
    assumeTrue(System.getProperty("os.name", "").equals("Linux"), "by system calls of Linux");
    Path root = directory.resolve("root");
    Files.createDirectories(root);
    opened = Optional.of(LinuxTree.open(root, directory.resolve("state")));
  }

  @AfterEach
  void close() {
    opened.ifPresent(LinuxTree::close);
  }

  private LinuxTree tree() {
    return opened.orElseThrow();
  }

  private static Attributes attributes() {
    Principal ours = new Principal("", 0);
    return new Attributes(EntryType.FILE, 0600, ours, ours);
  }

  private void begin() throws Exception {
    try (StagedFile part = tree().stagePart(CONTENT)) {
      assertEquals(0, part.channel().size());
      part.channel().write(ByteBuffer.wrap(BEGUN));
    }
  }

  private byte[] held(Digest content) throws Exception {
    try (StagedFile part = tree().stagePart(content)) {
      ByteBuffer read = ByteBuffer.allocate((int) part.channel().size());
      part.channel().position(0).read(read);
      return read.array();
    }
  }

  @Test
  void goOnWhereTheyWereLeftAlsoAfterAStart() throws Exception {
    begin();
    assertArrayEquals(BEGUN, held(CONTENT));
    assertArrayEquals(new byte[0], held(OTHER));
    close();
    open();
    assertArrayEquals(BEGUN, held(CONTENT));
    assertEquals(List.of(), tree().staged());
  }

  @Test
  void waitUnderAnOrdinaryNameOnceTheyAreWhole() throws Exception {
    begin();
    String name;
    try (StagedFile part = tree().stagePart(CONTENT)) {
      part.channel().position(BEGUN.length).write(ByteBuffer.wrap(new byte[] {4}));
      name = part.name();
      assertEquals(4, part.seal(4, Instant.EPOCH, attributes()).size());
    }
    assertEquals(List.of(name), tree().staged());
    try (var staged = tree().readStaged(name)) {
      assertEquals(4, staged.size());
    }
    assertArrayEquals(new byte[0], held(CONTENT));
    try (StagedFile again = tree().stagePart(CONTENT)) {
      assertNotEquals(name, again.name());
    }
  }

  @Test
  void goWhenNobodyWroteToThemForLong() throws Exception {
    begin();
    tree().dropParts(Instant.now().minusSeconds(3_600), Set.of());
    assertArrayEquals(BEGUN, held(CONTENT));
    tree().dropParts(Instant.MAX, Set.of(CONTENT));
    assertArrayEquals(BEGUN, held(CONTENT));
    tree().dropParts(Instant.MAX, Set.of(OTHER));
    assertArrayEquals(new byte[0], held(CONTENT));
    assertTrue(tree().staged().isEmpty());
  }

  @Test
  void passToAContentThatHasNone() throws Exception {
    begin();
    assertTrue(tree().passPart(CONTENT, OTHER));
    assertArrayEquals(BEGUN, held(OTHER));
    assertFalse(tree().passPart(CONTENT, OTHER));

    begin();
    assertFalse(tree().passPart(OTHER, CONTENT));
    tree().dropPart(CONTENT);
    tree().dropPart(CONTENT);
    assertArrayEquals(new byte[0], held(CONTENT));
    assertArrayEquals(BEGUN, held(OTHER));
  }
}
