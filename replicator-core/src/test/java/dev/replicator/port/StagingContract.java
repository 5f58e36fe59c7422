package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.StagedFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What waits in staging, and how it leaves. */
interface StagingContract extends TreeUnderTest {
  RelativePath TARGET = RelativePath.of("f");

  @Test
  default void readsRangesThatWereNeverWrittenAsZeros() throws Exception {
    StagedFile staged = tree().stageFile();
    staged.channel().position(100_000).write(ByteBuffer.wrap(new byte[] {'x'}));
    Stamp stamp = staged.seal(300_000, MTIME, attributes(EntryType.FILE, 0600));
    staged.close();

    assertEquals(300_000, stamp.size());
    String expected = "\0".repeat(100_000) + "x" + "\0".repeat(199_999);
    assertEquals(expected, readStaged(staged.name()));
  }

  @Test
  default void cutsAFileThatWasWrittenTooLong() throws Exception {
    StagedFile staged = tree().stageFile();
    staged.channel().write(ByteBuffer.wrap(new byte[10]));
    Stamp stamp = staged.seal(0, MTIME, attributes(EntryType.FILE, 0600));
    staged.close();

    assertEquals(0, stamp.size());
    assertEquals("", readStaged(staged.name()));
  }

  @Test
  default void forgetsAFileThatWasNeverSealed() throws Exception {
    try (StagedFile staged = tree().stageFile()) {
      staged.channel().write(ByteBuffer.wrap(new byte[10]));
      assertEquals(List.of(staged.name()), tree().staged());
    }

    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void keepsASealedFileUntilItIsDiscarded() throws Exception {
    String name = stageFile("content", fileTarget("content")).name();
    assertEquals(List.of(name), tree().staged());

    tree().discard(name);
    tree().discard(name);

    assertEquals(List.of(), tree().staged());
    assertThrows(TreeException.class, () -> tree().readStaged(name));
  }

  @Test
  default void givesEveryStagedObjectItsOwnName() throws Exception {
    String one = stageFile("x", fileTarget("x")).name();
    String other = stageFile("x", fileTarget("x")).name();

    assertNotEquals(one, other);
    assertEquals(one.length(), other.length());
  }

  @Test
  default void refusesNamesThatLeadOutOfStaging() {
    for (String name : List.of("../identity", "..", "/etc/passwd", "a/b")) {
      assertThrows(TreeException.class, () -> tree().readStaged(name));
      assertThrows(TreeException.class, () -> tree().discard(name));
    }
  }

  @Test
  default void releasesADisplacedFile() throws Exception {
    user().write(TARGET, "old");
    var done =
        (Exchanged.Done) tree().exchange(TARGET, fileIntent(Optional.of(materialised("f")), "new"));
    Path destination = outside().resolve("released");

    tree().release(done.displaced(), destination);

    assertEquals("old", Files.readString(destination));
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void replacesNothingWhenItReleases() throws Exception {
    String name = stageFile("ours", fileTarget("ours")).name();
    Path destination = outside().resolve("there");
    Files.writeString(destination, "theirs");

    assertThrows(TreeException.class, () -> tree().release(name, destination));

    assertEquals("theirs", Files.readString(destination));
    assertEquals("ours", readStaged(name));
  }

  @Test
  default void syncsWhatIsThereAndWhatIsGone() throws Exception {
    user().makeDirectory(RelativePath.of("d"));
    user().write(RelativePath.of("d/f"), "x");
    user().link(RelativePath.of("l"), TreeUnderTest.bytes("nowhere"));

    tree()
        .sync(
            List.of(
                RelativePath.of("d/f"),
                RelativePath.of("d"),
                RelativePath.of("l"),
                RelativePath.of("none/none"),
                RelativePath.ROOT));

    assertFalse(user().exists(RelativePath.of("none")));
  }
}
