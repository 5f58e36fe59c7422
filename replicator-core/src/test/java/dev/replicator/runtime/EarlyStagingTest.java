package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Chunker;
import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.Message.InlineContent;
import dev.replicator.port.Tree.StagedFile;
import dev.replicator.port.TreeUnderTest;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EarlyStagingTest {
  private static final int FILES_MAX = 4;

  private final FakeDisk files = new FakeDisk();
  private final FakeTree tree = new FakeTree(files);
  private final EarlyStaging early = new EarlyStaging(tree);

  private static InlineContent content(String text) {
    byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
    Chunker chunker = new Chunker();
    chunker.push(octets, 0, octets.length);
    ChunkedContent content = chunker.finish().orElseThrow();
    return new InlineContent(content.file().digest(), content.chunks(), Bytes.of(octets));
  }

  private void stage(InlineContent content) {
    assertTrue(early.begin());
    early.stage(content);
  }

  private String taken(Digest digest) throws Exception {
    try (StagedFile file = early.take(digest).orElseThrow();
        SeekableByteChannel written = tree.readStaged(file.name())) {
      return TreeUnderTest.read(written);
    }
  }

  @Test
  void holdsAContentThatWasWrittenBeforeItsChangeCame() throws Exception {
    InlineContent content = content("an image");

    stage(content);

    assertEquals("an image", taken(content.digest()));
    assertEquals(Optional.empty(), early.take(content.digest()));
    assertEquals(List.of(), tree.staged());
  }

  @Test
  void holdsNothingThatIsNotWhatItIsSaidToBe() throws Exception {
    InlineContent content = content("an image");
    InlineContent other =
        new InlineContent(
            content.digest(),
            content.chunks(),
            Bytes.of("no image".getBytes(StandardCharsets.US_ASCII)));
    InlineContent renamed =
        new InlineContent(content("another").digest(), content.chunks(), content.data());

    stage(other);
    stage(renamed);

    assertEquals(Optional.empty(), early.take(content.digest()));
    assertEquals(Optional.empty(), early.take(renamed.digest()));
    assertEquals(List.of(), tree.staged());
  }

  @Test
  void holdsTheLatestOnesAndDropsTheRest() throws Exception {
    List<InlineContent> contents =
        List.of(content("a"), content("b"), content("c"), content("d"), content("e"));

    contents.forEach(this::stage);

    assertEquals(Optional.empty(), early.take(contents.getFirst().digest()));
    assertEquals("e", taken(contents.getLast().digest()));
    assertEquals(FILES_MAX - 1, tree.staged().size());
  }

  @Test
  void dropsWhatNoChangeAskedForInTime() throws Exception {
    InlineContent content = content("an image");
    stage(content);
    assertTrue(early.sweep());
    assertEquals("an image", taken(content.digest()));
    stage(content);

    assertTrue(early.sweep());
    assertEquals(1, tree.staged().size());

    assertFalse(early.sweep());
    assertEquals(List.of(), tree.staged());
    assertEquals(Optional.empty(), early.take(content.digest()));
  }

  @Test
  void takesNoMoreAtOnceThanItHolds() {
    for (int i = 0; i < FILES_MAX; i++) {
      assertTrue(early.begin());
    }

    assertFalse(early.begin());
  }

  @Test
  void leavesNothingInStagingWhenItCloses() throws Exception {
    stage(content("a"));

    early.close();

    assertEquals(List.of(), tree.staged());
    assertFalse(early.begin());
  }
}
