package dev.replicator.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class InotifyTest {
  @TempDir Path home;

  @Test
  void tellsOfAFileThatWasClosed() throws IOException {
    Path below = Files.createDirectory(home.resolve("below"));
    try (Inotify inotify = Inotify.open()) {
      inotify.watch(home);
      inotify.watch(below);

      Files.writeString(below.resolve("photo.jpg"), "pixels");

      assertEquals(List.of(below.resolve("photo.jpg")), inotify.take());
    }
  }
}
