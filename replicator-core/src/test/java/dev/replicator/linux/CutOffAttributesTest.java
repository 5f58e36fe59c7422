package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.TreeException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a crash leaves of attributes that were being changed in place: half is nobody's write. */
final class CutOffAttributesTest extends LinuxTreeFixture {
  private static final RelativePath FILE = RelativePath.of("f");
  private static final RelativePath DIRECTORY = RelativePath.of("d");

  @BeforeEach
  void requireRights() {
    assumeTrue(tree().capabilities().owners(), "only root may give files away");
    assumeTrue(tree().capabilities().extendedAttributes(), "no extended attributes here");
  }

  private Path at(RelativePath path) {
    return root().resolve(path.toString());
  }

  private void set(RelativePath path, String name, String text) throws Exception {
    Files.setAttribute(at(path), "user:" + name, ByteBuffer.wrap(text.getBytes()));
  }

  /** From 0644, or 0755, with "old" to what is for another owner alone, with "new". */
  private Intent change(RelativePath path, int mode) throws Exception {
    set(path, "old", "1");
    set(path, "both", "before");
    Materialised was = materialised(path.toString());
    TreeMap<String, Bytes> extended = new TreeMap<>();
    extended.put("user.both", Bytes.copyOf("after".getBytes()));
    extended.put("user.new", Bytes.copyOf("2".getBytes()));
    Principal other = new Principal("", 34_567);
    Attributes asked = new Attributes(was.entry().type(), mode, other, other, extended);
    return bareIntent(Optional.of(was), new Target(was.entry(), MTIME, asked));
  }

  private void assertEnded(RelativePath path, Intent intent) throws TreeException {
    var applied = assertInstanceOf(Settled.Applied.class, reopen().settle(path, intent));

    assertEquals(intent.target().attributes(), found(path).attributes());
    assertEquals(intent.target().attributes(), applied.actual().attributes());
    assertEquals(found(path).stamp(), applied.stamp());
  }

  @Test
  void theChangeOfAFileIsEnded() throws Exception {
    user().write(FILE, "text");
    user().changeMode(FILE, 0644);
    Intent intent = change(FILE, 0600);
    Files.setAttribute(at(FILE), "unix:uid", 34_567);
    set(FILE, "both", "after");

    assertEnded(FILE, intent);
    assertEquals(MTIME, intent.target().mtime());
    assertEquals("text", user().read(FILE));
  }

  @Test
  void theChangeOfADirectoryIsEnded() throws Exception {
    user().makeDirectory(DIRECTORY);
    user().changeMode(DIRECTORY, 0755);
    Intent intent = change(DIRECTORY, 0700);
    set(DIRECTORY, "new", "2");

    assertEnded(DIRECTORY, intent);
  }

  /** Nothing but extended attributes tells that it is not all there. */
  @Test
  void aModeThatIsThereDoesNotTellThatAllIs() throws Exception {
    user().makeDirectory(DIRECTORY);
    Intent intent = change(DIRECTORY, 0755);
    user().changeMode(DIRECTORY, 0755);
    Files.setAttribute(at(DIRECTORY), "unix:uid", 34_567);
    Files.setAttribute(at(DIRECTORY), "unix:gid", 34_567);

    assertEnded(DIRECTORY, intent);
  }

  /** Its other name keeps what it has. */
  @Test
  void aFileThatGotAnotherNameSinceIsLeftAlone() throws Exception {
    user().write(FILE, "text");
    Intent intent = change(FILE, 0600);
    set(FILE, "both", "after");
    Files.createLink(at(RelativePath.of("other")), at(FILE));

    assertEquals(new Settled.Unclear(), reopen().settle(FILE, intent));
  }

  /** It has something of both, and no change of ours comes by it. */
  @Test
  void aModeBetweenTheTwoIsSomebodysWrite() throws Exception {
    user().write(FILE, "text");
    user().changeMode(FILE, 0644);
    Intent intent = change(FILE, 0600);
    user().changeMode(FILE, 0640);

    assertEquals(new Settled.Unclear(), reopen().settle(FILE, intent));
    assertEquals(0640, found(FILE).attributes().mode());
  }

  @Test
  void whatSomebodySetSinceIsHisWrite() throws Exception {
    user().makeDirectory(DIRECTORY);
    user().write(FILE, "text");
    Intent ofDirectory = change(DIRECTORY, 0700);
    Intent ofFile = change(FILE, 0600);
    set(DIRECTORY, "new", "3");
    set(FILE, "new", "2");
    user().write(FILE, "toxt");

    assertEquals(new Settled.Unclear(), reopen().settle(DIRECTORY, ofDirectory));
    assertEquals(new Settled.Unclear(), reopen().settle(FILE, ofFile));
    assertEquals(EntryType.DIRECTORY, found(DIRECTORY).type());
    assertEquals("toxt", user().read(FILE));
  }
}
