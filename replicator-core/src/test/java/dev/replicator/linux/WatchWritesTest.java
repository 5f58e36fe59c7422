package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who writes to a file and does not close it is told, and who closes it is not. */
final class WatchWritesTest {
  private static final WatchTiming TIMING =
      new WatchTiming(
          Duration.ofSeconds(20),
          Duration.ofMillis(200),
          Duration.ofSeconds(20),
          Duration.ofMillis(30));
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final OwnDisk disk;
  private final Path root;
  private final Told told = new Told();

  WatchWritesTest() throws Exception {
    this.disk = OwnDisk.of("tmpfs");
    this.root = disk.root().resolve("root");
  }

  @BeforeEach
  void makeRoot() throws IOException {
    Files.createDirectories(root.resolve("d"));
    for (String name : List.of("f", "log", "other", "d/log", "mark")) {
      Files.writeString(root.resolve(name), "old");
    }
  }

  @AfterEach
  void unmount() throws IOException {
    disk.close();
  }

  private static Watcher over(WatchKind kind, Path root) {
    return switch (kind) {
      case INOTIFY -> new InotifyWatcher(root, MachineClock.open(), TIMING, Integer.MAX_VALUE);
      case FANOTIFY -> new FanotifyWatcher(root, MachineClock.open(), TIMING, 0);
    };
  }

  /** Keeps what it is told. */
  private static final class Told implements Watcher.Listener {
    private final List<String> changed = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private final List<String> suspect = new ArrayList<>();

    @Override
    public synchronized void changed(RelativePath path) {
      changed.add(path.toString());
    }

    @Override
    public synchronized void written(RelativePath path) {
      written.add(path.toString());
      notifyAll();
    }

    @Override
    public void appeared(RelativePath directory) {}

    @Override
    public synchronized void suspect(RelativePath scope, String reason) {
      suspect.add(scope + " " + reason);
    }

    @Override
    public void failed(String reason) {
      throw new AssertionError(reason);
    }

    synchronized void await(String path) throws InterruptedException {
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (!written.contains(path)) {
        long left = (end - System.nanoTime()) / 1_000_000;
        assertTrue(left > 0, () -> "of writers is known " + written);
        wait(left);
      }
    }

    synchronized int times(String path) {
      return Collections.frequency(written, path);
    }

    synchronized void forgetWritten() {
      written.clear();
    }

    /** Each once. */
    synchronized List<String> written() {
      return written.stream().distinct().toList();
    }

    synchronized List<String> changed() {
      return List.copyOf(changed);
    }
  }

  private OutputStream append(String name) throws IOException {
    return Files.newOutputStream(root.resolve(name), StandardOpenOption.APPEND);
  }

  /** What was written before this is told, or never will be. */
  private void mark(Watcher watcher) throws Exception {
    try (OutputStream mark = append("mark")) {
      mark.write(1);
      told.await("mark");
    }
    WatchKind.await(watcher);
  }

  @ParameterizedTest
  @EnumSource
  void tellsAgainAndAgainOfAWriterWhoNeverCloses(WatchKind kind) throws Exception {
    try (Watcher watcher = over(kind, root);
        OutputStream log = append("log")) {
      WatchKind.start(watcher, told);
      for (int line = 1; line <= 3; line++) {
        log.write(line);
        told.await("log");
        assertEquals(1, told.times("log"));
        told.forgetWritten();
      }
      assertEquals(List.of(), told.changed());
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsNothingButTheCloseOfWhoWritesAndCloses(WatchKind kind) throws Exception {
    try (Watcher watcher = over(kind, root)) {
      WatchKind.start(watcher, told);
      for (int file = 0; file < 200; file++) {
        Files.writeString(root.resolve("new" + file), "x");
      }
      for (int piece = 0; piece < 3; piece++) {
        try (OutputStream writer = append("f")) {
          for (int octet = 0; octet < 10; octet++) {
            writer.write(octet);
          }
        }
      }

      mark(watcher);

      assertEquals(List.of("mark"), told.written());
      List<String> changed = new ArrayList<>(told.changed());
      changed.removeIf(name -> !name.startsWith("new"));
      assertEquals(200, changed.size());
      assertEquals(200, changed.stream().distinct().count());
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfWhoOpenedItAgain(WatchKind kind) throws Exception {
    try (Watcher watcher = over(kind, root)) {
      WatchKind.start(watcher, told);
      Files.writeString(root.resolve("f"), "x");
      try (OutputStream writer = append("f")) {
        writer.write(1);

        told.await("f");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsTheNameThatADirectoryHasByNow(WatchKind kind) throws Exception {
    try (Watcher watcher = over(kind, root);
        OutputStream log = append("d/log")) {
      WatchKind.start(watcher, told);
      log.write(1);
      told.await("d/log");
      Files.move(root.resolve("d"), root.resolve("e"));
      WatchKind.await(watcher);
      log.write(2);
      told.await("e/log");
      Files.createDirectories(root.resolve("new/below"));
      WatchKind.await(watcher);
      try (OutputStream other = Files.newOutputStream(root.resolve("new/below/log"))) {
        other.write(1);

        told.await("new/below/log");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsNothingOfTheEnginesOwn(WatchKind kind) throws Exception {
    Files.createDirectories(root.resolve(".replicator/staging"));
    try (Watcher watcher = over(kind, root);
        OutputStream own = Files.newOutputStream(root.resolve(".replicator/staging/s"));
        OutputStream above = Files.newOutputStream(root.resolve(".replicator/lock"))) {
      WatchKind.start(watcher, told);
      own.write(1);
      above.write(1);

      mark(watcher);

      assertEquals(List.of("mark"), told.written());
      assertEquals(List.of("mark"), told.changed());
    }
  }

  /** Far more events than a queue takes: none of them tells of anything that is to be scanned. */
  @ParameterizedTest
  @EnumSource
  void suspectsNothingWhenWritesFlood(WatchKind kind) throws Exception {
    long writes = 20 * WatchLimits.queuedEvents();
    try (Watcher watcher = over(kind, root);
        FileChannel log = FileChannel.open(root.resolve("log"), StandardOpenOption.APPEND);
        FileChannel other = FileChannel.open(root.resolve("other"), StandardOpenOption.APPEND)) {
      WatchKind.start(watcher, told);
      ByteBuffer octet = ByteBuffer.wrap(new byte[1]);
      for (long write = 0; write < writes; write++) {
        (write % 2 == 0 ? log : other).write(octet.rewind());
      }
      told.await("log");
      told.await("other");
      mark(watcher);
    }
    assertEquals(List.of(), told.suspect);
    assertTrue(told.times("log") < writes / 1_000, () -> told.times("log") + " times");
  }
}
