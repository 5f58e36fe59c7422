package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.Proofs;
import dev.replicator.host.MachineClock;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who looks where the hints say knows the whole tree in the end, however few events may wait. */
final class WatchBurstProof {
  private static final int DIRECTORIES = 50;
  private static final long EVENTS = 200_000;
  private static final int QUEUE = 16;
  private static final int WATCHES = 25;

  private final Path root;
  private final WatchReader reader;

  WatchBurstProof(@TempDir Path base) throws IOException {
    this.root = Files.createDirectory(base.resolve("root"));
    this.reader = new WatchReader(root);
    for (int directory = 0; directory < DIRECTORIES; directory++) {
      Files.createDirectory(root.resolve("d" + directory));
    }
  }

  /** A file that is new has two events, one that is written over has one. */
  private static void burst(Path root, long events) throws IOException {
    long perDirectory = events / DIRECTORIES;
    long files = perDirectory / 10;
    try (WatchWriter one = WatchWriter.start();
        WatchWriter other = WatchWriter.start()) {
      for (int directory = 0; directory < DIRECTORIES; directory += 2) {
        for (long left = perDirectory - files; left > 0; left -= files) {
          one.order("write", root.resolve("d" + directory), 0, files);
          other.order("write", root.resolve("d" + (directory + 1)), 0, files);
          one.await();
          other.await();
        }
      }
      one.order("deep", root, 0, 100);
      one.await();
    }
  }

  private void converges(Watcher watcher, String what) throws Exception {
    WatchKind.await(watcher);
    assertEquals(WatchReader.disk(root), reader.known());
    Proofs.tell(
        what
            + ": "
            + reader.known().size()
            + " paths known after "
            + reader.hints()
            + " hints, of which "
            + reader.suspicions()
            + " were of a scan");
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoHundredThousandEvents(WatchKind kind) throws Exception {
    try (Watcher watcher = kind.over(root)) {
      WatchKind.start(watcher, reader);
      reader.appeared(RelativePath.ROOT);

      burst(root, EVENTS);

      converges(watcher, kind.text + ", " + EVENTS + " events");
    }
  }

  @ParameterizedTest
  @EnumSource
  void withAQueueOfSixteen(WatchKind kind) throws Exception {
    assumeTrue(Sysctl.isAllowed(kind.queueSetting), "needs root");
    try (Watcher watcher = kind.over(root)) {
      // A queue keeps the length that was allowed when it was made.
      try (var queue = Sysctl.set(kind.queueSetting, QUEUE)) {
        WatchKind.start(watcher, reader);
      }
      reader.appeared(RelativePath.ROOT);

      burst(root, Proofs.count(20_000, EVENTS));

      converges(watcher, kind.text + ", a queue of " + QUEUE);
      assertTrue(reader.suspicions() > 0, "nothing overflowed");
    }
  }

  @Test
  void fanotifyIsTakenWhenOthersHaveTheWatches() throws Exception {
    assumeTrue(Sysctl.isAllowed("fs.inotify.max_user_watches"), "needs root");
    try (Watcher probe = WatchKind.FANOTIFY.over(root)) {
      WatchKind.start(probe, reader);
    }
    List<String> names = new ArrayList<>();
    try (var watcher = new LinuxWatcher(root, MachineClock.open(), 10 * DIRECTORIES, 0)) {
      try (var watches = Sysctl.set("fs.inotify.max_user_watches", WATCHES)) {
        watcher.start(reader);
      }
      names.add(watcher.capabilities().name());
      names.add(watcher.choice());
      names.addAll(watcher.notes());
    }

    assertEquals("fanotify", names.getFirst());
    assertTrue(names.get(1).startsWith("fs.inotify.max_user_watches is 25, "), names::toString);
    assertEquals(2, names.size());
  }
}
