package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeUser;
import dev.replicator.port.Watcher;
import dev.replicator.port.WatcherContract;
import dev.replicator.portable.NioUser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contract where this process may use fanotify, on a file system of its own: what others do on
 * theirs is no part of what is heard here.
 */
final class FanotifyWatcherTest extends WatcherContract {
  private static final WatchTiming TIMING =
      new WatchTiming(Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofSeconds(20));

  private final OwnDisk disk;
  private final Path base;
  private final FanotifyWatcher watcher;
  private final Hints hints = new Hints();

  FanotifyWatcherTest() throws Exception {
    this.disk = OwnDisk.of("tmpfs");
    this.base = disk.root();
    this.watcher = new FanotifyWatcher(root(), MachineClock.open(), TIMING, 0);
  }

  private Path root() {
    return base.resolve("root");
  }

  private static RelativePath path(String text) {
    return RelativePath.of(text);
  }

  @BeforeEach
  void makeRootWhereFanotifyCanWatch() throws IOException {
    Files.createDirectory(root());
    String refusal = "";
    try (var probe = new FanotifyWatcher(root(), MachineClock.open(), TIMING, 0)) {
      probe.start(hints);
    } catch (IOException failure) {
      refusal = String.valueOf(failure.getMessage());
    }
    assumeTrue(refusal.isEmpty(), refusal);
  }

  @AfterEach
  void closeWatcher() throws IOException {
    watcher.close();
    disk.close();
  }

  @Override
  protected Watcher watcher() {
    return watcher;
  }

  @Override
  protected TreeUser user() {
    return new NioUser(root());
  }

  private List<Hint> told() throws InterruptedException {
    CountDownLatch seen = new CountDownLatch(1);
    watcher.cookie(seen::countDown);
    assertTrue(seen.await(30, TimeUnit.SECONDS));
    List<Hint> told = hints.told();
    if (!told.isEmpty()) {
      hints.await(hint -> true);
    }
    return told;
  }

  private static Hint changed(String path) {
    return new Hint(Kind.CHANGED, path(path), "");
  }

  private static Hint movedIn(String path) {
    return new Hint(Kind.MOVED_IN, path(path), "");
  }

  @Test
  void tellsOfANewFileOnlyWhenItIsClosed() throws Exception {
    watcher.start(hints);

    try (OutputStream writer = Files.newOutputStream(root().resolve("slow"))) {
      writer.write(1);
      user().write(path("quick"), "x");
      hints.await(hint -> {
        assertEquals(changed("quick"), hint);
        return true;
      });
    }

    assertEquals(List.of(changed("slow")), told());
  }

  /** Half an upload is not told because somebody wants to know what was told. */
  @Test
  void keepsBackWhatIsNotClosedFromWhoeverAsksWhetherItWasRead() throws Exception {
    watcher.start(hints);

    try (OutputStream writer = Files.newOutputStream(root().resolve("slow"))) {
      writer.write(1);
      user().write(path("quick"), "x");
      CountDownLatch read = new CountDownLatch(1);
      watcher.drained(read::countDown);
      assertTrue(read.await(30, TimeUnit.SECONDS));
      assertEquals(List.of(changed("quick")), hints.told());
    }

    assertEquals(List.of(changed("quick"), changed("slow")), told());
  }

  /** So many directories that what is known of each is forgotten now and then. */
  @Test
  void tellsOfTheRootAmongWritesInMoreDirectoriesThanItRemembers() throws Exception {
    List<Path> beside = new ArrayList<>();
    for (int number = 0; number < FanotifyPlaces.KEPT_MAX + 100; number++) {
      beside.add(Files.createDirectory(base.resolve("beside" + number)));
    }
    watcher.start(hints);
    for (Path directory : beside) {
      Files.writeString(directory.resolve("f"), "x");
    }
    user().write(path("ours"), "x");
    assertEquals(List.of(changed("ours")), told());
    Files.writeString(beside.getFirst().resolve("f"), "y");
    user().write(path("ours"), "y");
    hints.await(hint -> {
      assertEquals(changed("ours"), hint);
      return true;
    });
  }

  @Test
  void tellsNothingOfWhatHappensBesideTheRoot() throws Exception {
    Files.createDirectories(base.resolve("root-beside"));
    watcher.start(hints);

    Files.writeString(base.resolve("root-beside/f"), "x");
    Files.writeString(base.resolve("f"), "x");
    user().write(path("g"), "x");

    assertEquals(List.of(changed("g")), told());
  }

  @Test
  void hearsOfADirectoryBesideTheRootOnceAndThenOnlyOfMoves() throws Exception {
    Path beside = Files.createDirectories(base.resolve("beside"));
    Files.writeString(beside.resolve("f"), "x");
    try (var source = open()) {
      Files.writeString(beside.resolve("g"), "x");
      source.read();
      assumeTrue(isAtLeast(6), "needs Linux 6.0");
      long before = source.waiting();
      for (int file = 0; file < 100; file++) {
        Files.writeString(beside.resolve("f" + file), "x");
      }
      assertEquals(before, source.waiting(), "bytes of events");

      Files.move(beside.resolve("f"), root().resolve("f"));
      source.read();
      assertEquals(List.of(changed("f")), hints.told());
      hints.await(hint -> true);
      Files.move(beside, root().resolve("d"));
      source.read();
      Files.writeString(root().resolve("d/late"), "x");
      source.read();

      assertEquals(List.of(movedIn("d"), changed("d/late")), hints.told());
    }
  }

  private FanotifySource open() throws IOException {
    return FanotifySource.open(root(), MachineClock.open(), TIMING, 0, false, hints, () -> false);
  }

  private static boolean isAtLeast(int linux) {
    return Integer.parseInt(System.getProperty("os.version", "").split("\\.")[0]) >= linux;
  }

  @Test
  void tellsOfTheRootItselfThoughTheDirectoryAroundItIsIgnored() throws Exception {
    try (var source = open()) {
      Files.writeString(base.resolve("f"), "x");
      source.read();

      user().changeMode(RelativePath.ROOT, 0700);
      source.read();

      assertEquals(List.of(changed("")), hints.told());
    }
  }

  @Test
  void tellsNothingOfTheSilentProcess() throws Exception {
    long self = ProcessHandle.current().pid();
    try (var silent = new FanotifyWatcher(root(), MachineClock.open(), TIMING, self)) {
      silent.start(hints);
      Files.createDirectories(root().resolve("a"));
      user().write(path("a/f"), "x");
      user().move(path("a"), path("b"));
      Process other = new ProcessBuilder("touch", root().resolve("b/g").toString()).start();
      assertTrue(other.waitFor(30, TimeUnit.SECONDS));

      hints.await(hint -> {
        assertEquals(changed("b/g"), hint);
        return true;
      });
    }
  }

  @Test
  void followsDirectoriesThatMove() throws Exception {
    Files.createDirectories(root().resolve("from/a"));
    Files.createDirectories(root().resolve("other"));
    watcher.start(hints);
    user().write(path("from/a/f"), "x");
    assertEquals(List.of(changed("from/a/f")), told());

    user().move(path("from"), path("other/to"));
    assertEquals(List.of(movedIn("other/to"), changed("from")), told());
    user().write(path("other/to/a/f"), "y");
    assertEquals(List.of(changed("other/to/a/f")), told());
    user().move(path("other"), path("again"));
    user().write(path("again/to/a/f"), "y");
    assertTrue(told().stream().anyMatch(hint -> path("again/to/a/f").isWithin(hint.path())));
  }

  @Test
  void followsADirectoryOutOfTheRootAndBack() throws Exception {
    Files.createDirectories(root().resolve("d/below"));
    watcher.start(hints);
    user().write(path("d/below/f"), "x");
    told();
    Path outside = base.resolve("outside");

    Files.move(root().resolve("d"), outside);
    assertEquals(List.of(changed("d")), told());
    Files.writeString(outside.resolve("below/f"), "x");
    assertEquals(List.of(), told());
    Files.move(outside, root().resolve("back"));
    assertEquals(List.of(movedIn("back")), told());
    user().write(path("back/below/f"), "x");
    assertEquals(List.of(changed("back/below/f")), told());
  }

  @Test
  void missesNothingOfDirectoriesThatFillAtOnce() throws Exception {
    watcher.start(hints);
    List<Hint> made = new ArrayList<>();
    for (int round = 0; round < 400; round++) {
      String deep = "top" + round + "/a/b";
      Files.createDirectories(root().resolve(deep));
      user().write(path(deep + "/early"), "x");
      made.add(changed(deep + "/early"));
    }

    assertTrue(Set.copyOf(told()).containsAll(made));
  }

  @Test
  void losesNothingWhileItsListenerIsSlow() throws Exception {
    WatchGate gate = new WatchGate(hints);
    watcher.start(gate);
    gate.close();
    user().write(path("wait"), "x");
    gate.awaitBlocked();
    List<Hint> made = new ArrayList<>();
    long files = WatchLimits.queuedEvents() + 1;
    DeepDirectories.writeFiles(root(), files);
    for (long file = 1; file <= files; file++) {
      made.add(changed("f" + file));
    }
    gate.open();

    assertTrue(Set.copyOf(told()).containsAll(made));
  }

  @Test
  void namesAnAncestorOfWhatIsTooDeepToName() throws Exception {
    watcher.start(hints);
    DeepDirectories deep = new DeepDirectories(root(), "d".repeat(250), 40);
    try {
      told();
      deep.writeAtTheBottom("f");

      List<Hint> told = told();

      RelativePath file = deep.bottom().child("f");
      assertTrue(told.stream().allMatch(hint -> hint.kind() == Kind.APPEARED), told::toString);
      assertTrue(told.stream().anyMatch(hint -> file.isWithin(hint.path())), told::toString);
    } finally {
      deep.remove();
    }
  }
}
