package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real directory, and what only this watcher does. */
final class InotifyWatcherTest extends WatcherContract {
  private static final WatchTiming TIMING =
      new WatchTiming(Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofSeconds(20));

  private final Path base;
  private final InotifyWatcher watcher;
  private final Hints hints = new Hints();

  InotifyWatcherTest(@TempDir Path base) throws IOException {
    this.base = base;
    this.watcher = new InotifyWatcher(root(), MachineClock.open(), TIMING, Integer.MAX_VALUE);
  }

  private Path root() {
    return base.resolve("root");
  }

  private static RelativePath path(String text) {
    return RelativePath.of(text);
  }

  @BeforeEach
  void makeRoot() throws IOException {
    Files.createDirectory(root());
  }

  @AfterEach
  void closeWatcher() {
    watcher.close();
  }

  @Override
  protected Watcher watcher() {
    return watcher;
  }

  @Override
  protected TreeUser user() {
    return new NioUser(root());
  }

  /** All hints up to now; none is left. */
  private List<Hint> told() throws InterruptedException {
    awaitCookie();
    List<Hint> told = hints.told();
    if (!told.isEmpty()) {
      hints.await(hint -> true);
    }
    return told;
  }

  private void awaitCookie() throws InterruptedException {
    CountDownLatch seen = new CountDownLatch(1);
    watcher.cookie(seen::countDown);
    assertTrue(seen.await(30, TimeUnit.SECONDS));
  }

  private static Hint changed(String path) {
    return new Hint(Kind.CHANGED, path(path), "");
  }

  private static Hint movedIn(String path) {
    return new Hint(Kind.MOVED_IN, path(path), "");
  }

  private static Hint appeared(String path) {
    return new Hint(Kind.APPEARED, path(path), "");
  }

  @Test
  void tellsOfANewFileOnceAndOnlyWhenItIsClosed() throws Exception {
    watcher.start(hints);

    try (OutputStream writer = Files.newOutputStream(root().resolve("slow"))) {
      writer.write(1);
      user().changeMode(path("slow"), 0600);
      user().write(path("quick"), "x");
      hints.await(hint -> {
        assertEquals(changed("quick"), hint);
        return true;
      });
    }

    assertEquals(List.of(changed("slow")), told());
  }

  @Test
  void tellsNothingOfWritesIntoAnOpenFile() throws Exception {
    user().write(path("log"), "x");
    watcher.start(hints);

    try (OutputStream writer =
        Files.newOutputStream(root().resolve("log"), StandardOpenOption.APPEND)) {
      writer.write(1);
      assertEquals(List.of(), told());
    }

    assertEquals(List.of(changed("log")), told());
  }

  @Test
  void tellsAtOnceOfNamesThatNobodyWillClose() throws Exception {
    user().write(path("f"), "x");
    watcher.start(hints);

    user().hardLink(path("f"), path("hard"));
    hints.await(changed("hard")::equals);
    user().makeFifo(path("fifo"));
    hints.await(changed("fifo")::equals);
  }

  /** And of who writes to a new file, such as a slow upload, when he closes it. */
  @Test
  void tellsOfANewFileThatNobodyWritesToWhenItsTimeIsOver() throws Exception {
    WatchTiming impatient =
        new WatchTiming(Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofSeconds(20));
    try (var quick =
        new InotifyWatcher(root(), MachineClock.open(), impatient, Integer.MAX_VALUE)) {
      try (var writer = startThenOpen(quick)) {
        writer.write(1);
        for (String name : List.of("one", "two", "three")) {
          // Each is told later than the one that is held would have been.
          UserCalls.makeUnwritten(root().resolve(name));
          hints.await(hint -> {
            assertEquals(changed(name), hint);
            return true;
          });
        }
      }
      hints.await(changed("held")::equals);
    }
  }

  private OutputStream startThenOpen(InotifyWatcher quick) throws IOException {
    quick.start(hints);
    return Files.newOutputStream(root().resolve("held"));
  }

  @Test
  void tellsACookieOfAFileThatIsStillOpen() throws Exception {
    watcher.start(hints);
    try (OutputStream writer = Files.newOutputStream(root().resolve("held"))) {
      writer.write(1);

      assertEquals(List.of(changed("held")), told());
    }
  }

  @Test
  void missesNothingOfDirectoriesThatFillWhileTheyAreFound() throws Exception {
    watcher.start(hints);
    for (int round = 0; round < 400; round++) {
      Path deep = root().resolve("top" + round + "/a/b");
      Files.createDirectories(deep);
      Files.writeString(deep.resolve("early"), "x");
    }
    awaitCookie();
    List<Hint> told = hints.told();
    for (int round = 0; round < 400; round++) {
      RelativePath early = path("top" + round + "/a/b/early");
      assertTrue(told.stream().anyMatch(hint -> covers(hint, early)), early::toString);
    }
    hints.await(hint -> true);

    for (int round = 0; round < 400; round++) {
      Files.writeString(root().resolve("top" + round + "/a/b/late"), "x");
    }

    Set<Hint> late = Set.copyOf(told());
    for (int round = 0; round < 400; round++) {
      assertTrue(late.contains(changed("top" + round + "/a/b/late")));
    }
  }

  private static boolean covers(Hint hint, RelativePath path) {
    return switch (hint.kind()) {
      case CHANGED -> hint.path().equals(path);
      case APPEARED, MOVED_IN, SUSPECT -> path.isWithin(hint.path());
      case FAILED -> false;
    };
  }

  @Test
  void followsADirectoryThatMovesWithAllBelowIt() throws Exception {
    Files.createDirectories(root().resolve("from/a/b"));
    Files.createDirectories(root().resolve("other"));
    watcher.start(hints);

    user().move(path("from"), path("other/to"));
    assertEquals(List.of(movedIn("other/to"), changed("from")), told());
    user().write(path("other/to/a/b/f"), "x");
    assertEquals(List.of(changed("other/to/a/b/f")), told());
    user().move(path("other"), path("again"));
    user().move(path("again/to/a"), path("a"));
    assertTrue(told().containsAll(List.of(changed("other"), movedIn("again"), movedIn("a"))));
    user().write(path("a/b/f"), "y");
    assertEquals(List.of(changed("a/b/f")), told());
  }

  @Test
  void followsDirectoriesThatTradePlacesBeforeAnyEventIsRead() throws Exception {
    Files.createDirectories(root().resolve("a/in-a"));
    Files.createDirectories(root().resolve("b/in-b"));
    WatchGate gate = new WatchGate(hints);
    watcher.start(gate);
    gate.close();
    user().write(path("wait"), "x");
    gate.awaitBlocked();

    user().move(path("a"), path("t"));
    user().move(path("b"), path("a"));
    user().move(path("t"), path("b"));
    user().makeDirectory(path("c"));
    user().move(path("c"), path("a/c"));
    user().makeDirectory(path("c"));
    user().move(path("a"), path("c/a"));
    gate.open();

    told();
    for (String name : List.of("b/in-a/f", "c/a/in-b/f", "c/a/c/f", "c/f")) {
      user().write(path(name), "x");
      assertEquals(List.of(changed(name)), told());
    }
  }

  @Test
  void letsGoOfADirectoryThatMovesOutAndTakesUpOneThatMovesIn() throws Exception {
    Files.createDirectories(root().resolve("d/below"));
    watcher.start(hints);
    Path outside = base.resolve("outside");

    Files.move(root().resolve("d"), outside);
    assertEquals(List.of(changed("d")), told());
    Files.writeString(outside.resolve("below/f"), "x");
    assertEquals(List.of(), told());
    Files.createDirectories(outside.resolve("more"));
    Files.move(outside, root().resolve("back"));
    assertEquals(List.of(movedIn("back")), told());

    user().write(path("back/below/f"), "x");
    user().write(path("back/more/f"), "x");
    assertEquals(List.of(changed("back/below/f"), changed("back/more/f")), told());
  }

  @Test
  void forgetsADirectoryOfWhichASecondHalfOfAMoveNeverComes() throws Exception {
    Files.createDirectories(root().resolve("d/below"));
    InotifySource source = open(new WatchTiming(Duration.ZERO, Duration.ZERO, Duration.ZERO));
    try {
      source.begin();
      assertEquals(3, source.directories());
      Files.move(root().resolve("d"), base.resolve("outside"));

      source.read();
      source.timers();

      assertEquals(1, source.directories());
    } finally {
      source.close();
    }
  }

  private InotifySource open(WatchTiming timing) throws IOException {
    return InotifySource.open(
        root(), MachineClock.open(), timing, Integer.MAX_VALUE, hints, () -> false);
  }

  @Test
  void suspectsTheRootAfterAnOverflowAndFollowsWhatMovedMeanwhile() throws Exception {
    Files.createDirectories(root().resolve("a/b"));
    Files.createDirectories(root().resolve("gone"));
    WatchGate gate = new WatchGate(hints);
    watcher.start(gate);
    gate.close();
    user().write(path("wait"), "x");
    gate.awaitBlocked();
    long events = WatchLimits.queuedEvents();
    for (long event = 0; event <= events; event++) {
      user().changeMode(path("wait"), event % 2 == 0 ? 0600 : 0640);
      user().changeMode(path("gone"), event % 2 == 0 ? 0700 : 0750);
    }
    user().move(path("a"), path("z"));
    user().remove(path("gone"));
    Files.createDirectories(root().resolve("new/deep"));
    CountDownLatch seen = new CountDownLatch(1);
    watcher.cookie(() -> {
      hints.appeared(path("cookie"));
      seen.countDown();
    });
    gate.open();

    assertTrue(seen.await(30, TimeUnit.SECONDS));
    List<Hint> told = hints.told();
    int suspected = told.stream().map(Hint::kind).toList().indexOf(Kind.SUSPECT);
    assertEquals(RelativePath.ROOT, told.get(suspected).path());
    assertTrue(told.indexOf(appeared("cookie")) > suspected);
    told();
    for (String name : List.of("z/b/f", "new/deep/f")) {
      user().write(path(name), "x");
      assertEquals(List.of(changed(name)), told());
    }
  }

  @Test
  void answersCookiesInTheOrderOfTheEventsUnderLoad() throws Exception {
    watcher.start(hints);
    Thread noise =
        Thread.ofPlatform()
            .start(() -> {
              for (int file = 0; !Thread.currentThread().isInterrupted(); file++) {
                user().write(path("noise" + file % 100), "x");
              }
            });
    try {
      for (int round = 0; round < 100; round++) {
        Hint own = changed("own" + round);
        user().write(own.path(), "x");
        assertTrue(told().contains(own));
      }
    } finally {
      noise.interrupt();
      noise.join();
    }
  }

  @Test
  void watchesDirectoriesWhosePathsAreLongerThanTheKernelTakes() throws Exception {
    watcher.start(hints);
    String name = "d".repeat(250);
    DeepDirectories deep = new DeepDirectories(root(), name, 40);
    try {
      told();
      deep.writeAtTheBottom("f");

      List<Hint> told = told();

      assertEquals(1, told.size());
      assertEquals(40 * 251 + 1, told.getFirst().path().length());
    } finally {
      deep.remove();
    }
  }

  @Test
  void leavesNoDescriptorOpen() throws Exception {
    Files.createDirectories(root().resolve("a/b/c"));
    long before = descriptors();
    List<InotifyWatcher> all = new ArrayList<>();
    for (int count = 0; count < 3; count++) {
      InotifyWatcher one =
          new InotifyWatcher(root(), MachineClock.open(), TIMING, Integer.MAX_VALUE);
      one.start(hints);
      all.add(one);
    }
    Files.createDirectories(root().resolve("d/e"));
    user().move(path("a"), path("d/e/a"));

    all.forEach(InotifyWatcher::close);

    assertEquals(before, descriptors());
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.map(InotifyWatcherTest::target)
          .filter(target ->
              target.contains("inotify") || target.contains("eventfd") || target.contains("/root"))
          .collect(Collectors.counting());
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  @Test
  void refusesToStartWithoutARoot() throws IOException {
    Files.delete(root());

    assertThrows(IOException.class, () -> watcher.start(hints));
  }

  @Test
  void watchesTheDirectoryThatHasTheNameOfTheRootWhenItIsStartedAgain() throws Exception {
    watcher.start(hints);
    user().takeRootAway();
    makeRoot();

    watcher.start(hints);
    user().write(path("f"), "x");

    hints.await(changed("f")::equals);
  }

  @Test
  void suspectsTheRootWhenAListenerThrows() throws Exception {
    WatchGate gate = new WatchGate(hints);
    gate.throwOnce();
    watcher.start(gate);

    user().write(path("f"), "x");
    hints.await(hint -> hint.kind() == Kind.SUSPECT && hint.path().isRoot());

    user().write(path("g"), "x");
    hints.await(changed("g")::equals);
  }
}
