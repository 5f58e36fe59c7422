package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InotifyQueueTest {
  private static final int FILES = 100_000;

  /** Where a watch is set again as a whole, one event in a hundred is lost. */
  @Test
  void watchingAgainLosesNoEventOfAnotherThread(@TempDir Path directory) throws Exception {
    try (WatchPaths paths = WatchPaths.open(directory);
        InotifyQueue queue = InotifyQueue.open()) {
      int watch = WatchCalls.orThrow(queue.watch(paths.root()), "no watch");
      CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> linkAndUnlink(directory));
      long[] created = {0};
      while (!writer.isDone() || queue.waiting() > 0) {
        assertEquals(watch, queue.watch(paths.root()));
        queue.read(event -> {
          assertFalse(event.is(InotifyQueue.OVERFLOW), "the queue has room for all");
          created[0] += event.is(InotifyQueue.CREATED) ? 1 : 0;
        });
      }
      writer.get();

      assertEquals(FILES, created[0]);
    }
  }

  private static void linkAndUnlink(Path directory) {
    Path link = directory.resolve("link");
    Path target = Path.of("target");
    try {
      for (int made = 0; made < FILES; made++) {
        Files.createSymbolicLink(link, target);
        Files.delete(link);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
