package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Both names of a move are told as one. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
final class WatchMovesTest {
  private final Optional<OwnDisk> disk;
  private final Path root;
  private final Path outside;
  private final Watcher watcher;
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  WatchMovesTest(boolean fanotify, @TempDir Path temporary) throws Exception {
    // Its mark is not for every file system.
    this.disk = fanotify ? Optional.of(OwnDisk.of("tmpfs")) : Optional.empty();
    Path base = disk.map(OwnDisk::root).orElse(temporary);
    this.root = Files.createDirectory(base.resolve("root"));
    this.outside = Files.createDirectory(base.resolve("outside"));
    MachineClock clock = MachineClock.open();
    this.watcher =
        fanotify
            ? new FanotifyWatcher(root, clock, WatchTiming.STANDARD, 0)
            : new InotifyWatcher(root, clock, WatchTiming.STANDARD, Integer.MAX_VALUE);
    Files.createDirectories(root.resolve("a/below"));
    Files.createDirectories(root.resolve("b"));
    Files.writeString(root.resolve("a/f"), "x");
    start();
  }

  private void start() {
    try {
      watcher.start(new WatchHintsTest.Told(told));
    } catch (IOException refusal) {
      assumeTrue(false, refusal.getMessage());
    }
  }

  @AfterEach
  void closeWatcher() throws IOException {
    watcher.close();
    if (disk.isPresent()) {
      disk.get().close();
    }
  }

  private List<String> told() throws InterruptedException {
    CountDownLatch seen = new CountDownLatch(1);
    watcher.cookie(seen::countDown);
    assertTrue(seen.await(30, TimeUnit.SECONDS));
    List<String> all = List.copyOf(told);
    told.clear();
    return all;
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void withinADirectoryAndAcrossDirectories() throws Exception {
    move(root.resolve("a/f"), root.resolve("a/g"));
    assertEquals(List.of("a/f -> a/g"), told());

    move(root.resolve("a/g"), root.resolve("b/h"));
    assertEquals(List.of("a/g -> b/h"), told());
  }

  @Test
  void ofAWholeDirectoryAndNothingOfWhatIsBelow() throws Exception {
    move(root.resolve("a"), root.resolve("b/c"));

    assertEquals(List.of("a -> b/c/"), told());
  }

  @Test
  void ofAFileThatIsReplacedAsAWhole() throws Exception {
    Files.writeString(root.resolve("a/.f.tmp"), "y");
    move(root.resolve("a/.f.tmp"), root.resolve("a/f"));

    assertEquals("a/.f.tmp -> a/f", told().getLast());
  }

  @Test
  void butOutOfTheRootAndIntoItIsOneName() throws Exception {
    move(root.resolve("a"), outside.resolve("d"));
    move(root.resolve("b"), outside.resolve("e"));
    assertEquals(List.of("a", "b"), told());

    move(outside.resolve("d/f"), root.resolve("f"));
    move(outside.resolve("d"), root.resolve("d"));
    assertEquals(List.of("f", "d/."), told());
  }

  @Test
  void howeverFastTheyCome() throws Exception {
    List<String> moves = new ArrayList<>();
    for (int move = 0; move < 2_000; move++) {
      String from = "a/f" + (move == 0 ? "" : move);
      String to = "a/f" + (move + 1);
      move(root.resolve(from), root.resolve(to));
      moves.add(from + " -> " + to);
    }

    assertEquals(moves, told());
  }
}
