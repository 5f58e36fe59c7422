package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.replicator.content.ChunkedContent;
import dev.replicator.host.MachineClock;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import dev.replicator.simulation.Interference;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file with several names is read once. */
class LinkedContentsTest {
  private static final RelativePath A = RelativePath.of("a");
  private static final RelativePath B = RelativePath.of("b");

  private final FakeDisk files = new FakeDisk();
  private final FakeTree tree = new FakeTree(files);
  private final Inspector inspector =
      new Inspector(tree, MachineClock.open(), new ContentCache(), 0);
  private final TreeSet<RelativePath> read = new TreeSet<>();

  @BeforeEach
  void link() {
    tree.interfere(
        new Interference() {
          @Override
          public void before(Step step, RelativePath path) {
            if (step == Step.READ) {
              read.add(path);
            }
          }
        });
    files.write(A, "old");
    files.hardLink(A, B);
  }

  private Observation.Found look(RelativePath path, boolean reread) {
    var seen =
        assertInstanceOf(
            Inspector.Result.Seen.class,
            inspector.inspect(path, Optional.empty(), reread, true, Long.MAX_VALUE));
    return assertInstanceOf(Observation.Found.class, seen.observation());
  }

  @Test
  void tellsOfTheOtherNameWhatWasReadUnderTheFirst() {
    Observation.Found first = look(A, false);

    assertEquals(first, look(B, false));
    assertEquals(1, read.size());
  }

  /** It was written to twice in one tick of the clock, and read in between. */
  @Test
  void tellsWhatWasReadLastWithAStamp() {
    Stamp stamp = new Stamp(1, 2, 3, 4, 5, 0100644, 0, 0, 2);
    LinkedContents contents = new LinkedContents();
    contents.read(stamp, content(1));
    contents.read(stamp, content(2));
    assertEquals(Optional.of(content(2)), contents.find(stamp));
  }

  private static ChunkedContent content(int version) {
    byte[] digest = new byte[Digest.LENGTH_BYTES];
    digest[0] = (byte) version;
    return new ChunkedContent(new Entry.File(Digest.of(digest), 3), ChunkList.EMPTY);
  }

  @Test
  void readsAgainWhatChangedMeanwhile() {
    Observation.Found first = look(A, false);
    files.write(A, "new");

    Observation.Found second = look(B, false);

    assertNotEquals(first.actual().entry(), second.actual().entry());
    assertEquals(2, read.size());
  }

  @Test
  void readsWhatIsNotToBeBelieved() {
    look(A, false);

    look(B, true);

    assertEquals(2, read.size());
  }
}
