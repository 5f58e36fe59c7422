package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.content.Digests;
import dev.replicator.model.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks of a file on a disk that is not well. */
final class ChunkReadsTest {
  private static final int CHUNK_BYTES = 1_000;

  /** Fails within one range of bytes, as over a bad sector. */
  private static final class Damaged extends ForwardingChannel {
    private final FileChannel file;

    Damaged(FileChannel file) {
      super(file);
      this.file = file;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (file.position() == CHUNK_BYTES) {
        throw new IOException("Input/output error");
      }
      return super.read(into);
    }
  }

  @Test
  void tellsOfAnUnreadableChunkAsOfOneThatIsNotThereAndReadsOn(@TempDir Path directory)
      throws Exception {
    byte[] content = new byte[3 * CHUNK_BYTES];
    new Random(1).nextBytes(content);
    Path path = Files.write(directory.resolve("f"), content);
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < content.length; from += CHUNK_BYTES) {
      chunks.add(new Chunk.Data(Digests.of(content, from, CHUNK_BYTES), CHUNK_BYTES));
    }
    List<Boolean> there = new ArrayList<>();
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      new ChunkReads(new Damaged(file), 0)
          .read(chunks, read -> there.add(read.bytes().map(Optional::of).isPresent()));
    }
    assertEquals(List.of(true, false, true), there);
  }
}
