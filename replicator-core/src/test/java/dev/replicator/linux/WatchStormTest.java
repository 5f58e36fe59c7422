package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that are made, moved and removed faster than events are read. */
@Tag("alone")
final class WatchStormTest {
  private static final int STEPS = 3_000;
  private static final int DEPTH_MAX = 4;
  private static final WatchTiming TIMING =
      new WatchTiming(Duration.ofSeconds(20), Duration.ofMillis(20), Duration.ofSeconds(20));

  private final Path base;
  private final Set<RelativePath> changed = ConcurrentHashMap.newKeySet();

  WatchStormTest(@TempDir Path base) {
    this.base = base;
  }

  private final class Changes implements Watcher.Listener {
    @Override
    public void changed(RelativePath path) {
      changed.add(path);
    }

    @Override
    public void appeared(RelativePath directory) {}

    @Override
    public void suspect(RelativePath scope, String reason) {}

    @Override
    public void failed(String reason) {
      throw new AssertionError(reason);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void watchesEveryDirectoryWhereItIsByInotifyWhenTheStormIsOver(long seed) throws Exception {
    Path root = Files.createDirectory(base.resolve("root"));
    storm(
        root,
        new InotifyWatcher(root, MachineClock.open(), TIMING, Integer.MAX_VALUE),
        new Random(seed));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void watchesEveryDirectoryWhereItIsByFanotifyWhenTheStormIsOver(long seed) throws Exception {
    try (OwnDisk disk = OwnDisk.of("tmpfs")) {
      Path root = Files.createDirectory(disk.root().resolve("root"));
      try (var probe = new FanotifyWatcher(root, MachineClock.open(), TIMING, 0)) {
        WatchKind.start(probe, new Changes());
      }
      storm(root, new FanotifyWatcher(root, MachineClock.open(), TIMING, 0), new Random(seed));
    }
  }

  private void storm(Path root, Watcher watcher, Random random) throws Exception {
    Path outside = Files.createDirectory(root.resolveSibling("outside"));
    try (watcher) {
      watcher.start(new Changes());
      for (int step = 0; step < STEPS; step++) {
        try {
          change(root, outside, random);
        } catch (FileSystemException impossible) {
          // A target that is there and not empty, a source that is not, a move below itself.
        }
      }
      awaitCookie(watcher);
      changed.clear();
      List<RelativePath> files = writeEverywhere(root);
      awaitCookie(watcher);
      List<RelativePath> missed = files.stream().filter(file -> !changed.contains(file)).toList();
      assertTrue(missed.isEmpty(), () -> missed.size() + " of " + files.size() + ": " + missed);
    }
  }

  private static void change(Path root, Path outside, Random random) throws IOException {
    Path one = place(root, random);
    Path other = place(root, random);
    switch (random.nextInt(8)) {
      case 0, 1 -> Files.createDirectory(one);
      case 2 -> Files.createDirectories(one);
      case 3, 4, 5 -> Files.move(one, other, StandardCopyOption.ATOMIC_MOVE);
      case 6 -> Files.move(one, outside.resolve(name(random)), StandardCopyOption.ATOMIC_MOVE);
      default -> back(outside, one, random);
    }
  }

  private static void back(Path outside, Path to, Random random) throws IOException {
    if (random.nextBoolean()) {
      Files.move(outside.resolve(name(random)), to, StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.delete(to);
    }
  }

  private static Path place(Path root, Random random) {
    Path place = root;
    for (int depth = 1 + random.nextInt(DEPTH_MAX); depth > 0; depth--) {
      place = place.resolve(name(random));
    }
    return place;
  }

  private static String name(Random random) {
    return String.valueOf((char) ('a' + random.nextInt(5)));
  }

  private static List<RelativePath> writeEverywhere(Path root) throws IOException {
    List<RelativePath> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path directory : all.filter(Files::isDirectory).toList()) {
        Path file = directory.resolve("file");
        Files.writeString(file, "x");
        files.add(RelativePath.of(root.relativize(file).toString()));
      }
    }
    return files;
  }

  private static void awaitCookie(Watcher watcher) throws InterruptedException {
    CountDownLatch seen = new CountDownLatch(1);
    watcher.cookie(seen::countDown);
    assertTrue(seen.await(30, TimeUnit.SECONDS));
  }
}
