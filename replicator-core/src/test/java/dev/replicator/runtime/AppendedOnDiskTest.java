package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A large file that is longer each time it was read reaches the peers all the same. */
class AppendedOnDiskTest extends TwoEngines {
  private static final int LARGE_BYTES = 16 * 1024 * 1024;
  private static final int LINE_BYTES = 200;
  private static final int VERSIONS = 3;

  private final Random random = new Random(3);
  private volatile boolean enough;

  @Test
  void aLogThatIsAppendedToWithoutAPauseReachesThePeerAndThenItsEnd() throws Exception {
    byte[] large = new byte[LARGE_BYTES];
    random.nextBytes(large);
    Files.write(file("here", "log"), large);
    await(() -> beginning() == LARGE_BYTES);
    CompletableFuture<Void> writer = CompletableFuture.runAsync(this::appendLines);
    try {
      SortedSet<Long> sizes = new TreeSet<>();
      await(() -> {
        sizes.add(beginning());
        return sizes.tailSet(LARGE_BYTES + 1L).size() >= VERSIONS;
      });
    } finally {
      enough = true;
      writer.get();
    }
    await(() -> Files.mismatch(file("here", "log"), file("there", "log")) == -1);
  }

  /** How much of it the peer has, which is what was written first. */
  private long beginning() throws IOException {
    Path sample = directory.resolve("sample");
    Files.deleteIfExists(sample);
    try {
      Files.copy(file("there", "log"), sample);
    } catch (NoSuchFileException notYet) {
      return 0;
    }
    long size = Files.size(sample);
    long mismatch = Files.mismatch(sample, file("here", "log"));
    assertEquals(size, mismatch < 0 ? size : mismatch);
    return size;
  }

  private void appendLines() {
    byte[] line = new byte[LINE_BYTES];
    while (!enough) {
      random.nextBytes(line);
      try (FileChannel log = append("log")) {
        log.write(ByteBuffer.wrap(line));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
