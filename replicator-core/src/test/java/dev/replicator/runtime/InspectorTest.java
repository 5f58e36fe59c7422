package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.content.Chunker;
import dev.replicator.host.MachineClock;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.portable.PortableTree;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectorTest {
  private static final long SIZE = 1_000_000;
  private static final long READ_MAX = 64_000_000;

  private final Inspector inspector =
      new Inspector(new FakeTree(new FakeDisk()), MachineClock.open(), new ContentCache(), 0);

  /** Somebody appends to it faster than it is read. */
  private static final class GrowingFile implements SeekableByteChannel {
    private long position;

    @Override
    public int read(ByteBuffer into) {
      assertTrue(position < READ_MAX, "the reader never stops");
      int read = into.remaining();
      into.position(into.limit());
      position += read;
      return read;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new UnsupportedOperationException("it is read");
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long fresh) {
      position = fresh;
      return this;
    }

    @Override
    public long size() {
      return position + 1;
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException("it is read");
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void stopsReadingAFileThatGrowsAsFastAsItIsRead() throws Exception {
    GrowingFile file = new GrowingFile();

    assertEquals(Optional.empty(), inspector.chunk(file, SIZE));
    assertTrue(file.position() < 2 * SIZE, () -> file.position() + " bytes were read");
    GrowingFile large = new GrowingFile();
    assertEquals(Optional.empty(), inspector.chunk(large, Inspector.ASIDE_BYTES_MIN));
    assertTrue(large.position() < 2 * Inspector.ASIDE_BYTES_MIN);
  }

  @Test
  void readsALargeFileAsASmallOne(@TempDir Path directory) throws Exception {
    byte[] bytes = new byte[(int) Inspector.ASIDE_BYTES_MIN + 12_345];
    new Random(1).nextBytes(bytes);
    Arrays.fill(bytes, 1_000_000, 2_000_000, (byte) 0);
    Path file = Files.write(directory.resolve("large"), bytes);
    Chunker chunker = new Chunker();
    chunker.push(bytes, 0, bytes.length);

    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      assertEquals(chunker.finish(), inspector.chunk(channel, bytes.length));
    }
  }

  @Test
  void stopsReadingALargeFileWhenTheRootEnds() {
    GrowingFile file = new GrowingFile();
    Thread.currentThread().interrupt();
    try {
      assertThrows(ClosedByInterruptException.class, () -> inspector.chunk(file, READ_MAX));
    } finally {
      assertTrue(Thread.interrupted(), "who runs this thread still learns of it");
    }
    assertEquals(0, file.position());
  }

  /** Its look is to be had again by the next start, and no sync vouches for it. */
  @Test
  void givesUpWhatTakesLongWhenTheRootEnds(@TempDir Path directory) throws Exception {
    Files.createDirectory(directory.resolve("root"));
    Files.write(directory.resolve("root/large"), new byte[(int) Inspector.ASIDE_BYTES_MIN]);
    Files.writeString(directory.resolve("root/small"), "small");
    try (PortableTree tree =
        PortableTree.open(directory.resolve("root"), directory.resolve("staging"))) {
      tree.pin(tree.identity());
      Inspector ending = new Inspector(tree, MachineClock.open(), new ContentCache(), 0);
      ending.cutShort();

      assertEquals(new Observation.Unsettled(0), seen(ending, "large"));
      assertInstanceOf(Observation.Found.class, seen(ending, "small"));
    }
  }

  private static Observation seen(Inspector inspector, String name) {
    Inspector.Result result =
        inspector.inspect(RelativePath.of(name), Optional.empty(), false, false, Long.MAX_VALUE);
    return assertInstanceOf(Inspector.Result.Seen.class, result).observation();
  }
}
