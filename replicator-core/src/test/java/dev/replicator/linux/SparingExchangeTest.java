package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.Exchanged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An exchange that leaves alone what somebody has open for writing. */
final class SparingExchangeTest extends LinuxTreeFixture {
  private static final RelativePath F = RelativePath.of("f");

  private Optional<Materialised> expected = Optional.empty();

  @BeforeEach
  void write() throws Exception {
    user().write(F, "old");
    expected = Optional.of(materialised("f"));
  }

  private FileChannel open(StandardOpenOption how) throws IOException {
    return FileChannel.open(root().resolve("f"), how);
  }

  @Test
  void touchesNothingWhileSomebodyWrites() throws Exception {
    Intent intent = fileIntent(expected, "new");
    try (FileChannel writer = open(StandardOpenOption.APPEND)) {
      assertEquals(new Exchanged.BeingWritten(), tree().exchangeUnlessWritten(F, intent));

      writer.write(ByteBuffer.wrap("er".getBytes(StandardCharsets.US_ASCII)));

      assertEquals(new Exchanged.BeingWritten(), tree().exchangeUnlessWritten(F, intent));
      assertEquals("older", user().read(F));
    }
    assertEquals(new Exchanged.Unexpected(), tree().exchangeUnlessWritten(F, intent));
    assertTrue(tree().staged().contains(intent.stagedName()));
  }

  @Test
  void goesOnOnceHeClosed() throws Exception {
    Intent intent = fileIntent(expected, "new");
    try (FileChannel writer = open(StandardOpenOption.WRITE)) {
      assertTrue(writer.isOpen());
      assertEquals(new Exchanged.BeingWritten(), tree().exchangeUnlessWritten(F, intent));
    }

    assertInstanceOf(Exchanged.Done.class, tree().exchangeUnlessWritten(F, intent));

    assertEquals("new", user().read(F));
  }

  @Test
  void goesOnBesideAReader() throws Exception {
    try (FileChannel reader = open(StandardOpenOption.READ)) {
      assertTrue(reader.isOpen());

      assertInstanceOf(
          Exchanged.Done.class, tree().exchangeUnlessWritten(F, fileIntent(expected, "new")));
    }
  }

  @Test
  void goesOnBesideAWriterWhenItIsNotToSpareHim() throws Exception {
    try (FileChannel writer = open(StandardOpenOption.WRITE)) {
      assertTrue(writer.isOpen());

      assertInstanceOf(Exchanged.Done.class, tree().exchange(F, fileIntent(expected, "new")));
    }
  }

  /**
   * Another name keeps the inode, so the mode is put on a copy: what gave way may be written to.
   */
  @Test
  void tellsWhatGaveWayToACopyThatGotAnotherMode() throws Exception {
    Files.createLink(root().resolve("other"), root().resolve("f"));
    expected = Optional.of(materialised("f"));
    Target target = expected.get().actual();
    Attributes changed = attributes(EntryType.FILE, 0600);
    Intent intent = bareIntent(expected, new Target(target.entry(), target.mtime(), changed));
    try (FileChannel writer = open(StandardOpenOption.APPEND)) {
      var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(F, intent));
      assertInstanceOf(
          Tree.Displaced.BeingWritten.class, tree().displaced(done.displaced(), expected.get()));
      writer.write(ByteBuffer.wrap("er".getBytes(StandardCharsets.US_ASCII)));
    }
    String name =
        tree().staged().stream().filter(each -> !each.isEmpty()).findFirst().orElseThrow();
    assertInstanceOf(Tree.Displaced.Written.class, tree().displaced(name, expected.get()));
  }

  /** An owner that this machine does not know is put as another one: that is nobody's write. */
  @Test
  void knowsAfterACrashThatWhatCouldNotBePutOnACopyWasAsked() throws Exception {
    Files.createLink(root().resolve("other"), root().resolve("f"));
    expected = Optional.of(materialised("f"));
    Target target = expected.get().actual();
    Attributes root = attributes(EntryType.FILE, 0600);
    Attributes changed =
        new Attributes(
            EntryType.FILE, 0600, new Principal("nobody-knows-him", 12_345), root.group());
    Intent intent = bareIntent(expected, new Target(target.entry(), target.mtime(), changed));
    var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(F, intent));

    var applied = assertInstanceOf(Tree.Settled.Applied.class, reopen().settle(F, intent));
    assertEquals(done.displaced(), applied.displaced());
    assertEquals(found("f").attributes(), applied.actual().attributes());
    assertEquals(found("f").stamp(), applied.stamp());
  }

  /** What he writes in that moment, and as much as before, would have the time that is set. */
  @Test
  void believesNothingOfAFileThatIsWrittenToWhileItGetsAnotherMode() throws Exception {
    Target target = expected.orElseThrow().actual();
    Attributes changed = attributes(EntryType.FILE, 0600);
    Intent intent = bareIntent(expected, new Target(target.entry(), target.mtime(), changed));
    try (FileChannel writer = open(StandardOpenOption.WRITE)) {
      assertTrue(writer.isOpen());
      var done = assertInstanceOf(Exchanged.Done.class, tree().exchange(F, intent));
      assertEquals(0600, found("f").attributes().mode());
      assertNotEquals(found("f").stamp(), done.stamp());
    }
  }
}
