package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeUser;
import dev.replicator.port.Watcher;
import dev.replicator.port.WatcherContract;
import dev.replicator.portable.NioUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The contract of whichever watcher is chosen, and the choice. */
final class LinuxWatcherTest extends WatcherContract {
  private final Path base;
  private final LinuxWatcher watcher;
  private final Hints hints = new Hints();

  LinuxWatcherTest(@TempDir Path base) throws IOException {
    this.base = base;
    this.watcher = new LinuxWatcher(root(), MachineClock.open(), 100, 0);
  }

  private Path root() {
    return base.resolve("root");
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

  private void makeDirectories(int count) throws IOException {
    for (int directory = 0; directory < count; directory++) {
      Files.createDirectory(root().resolve("d" + directory));
    }
  }

  @Test
  void takesInotifyForATreeOfFewDirectories() throws Exception {
    makeDirectories(99);

    watcher.start(hints);

    assertEquals("inotify", watcher.capabilities().name());
  }

  @Test
  void takesFanotifyForATreeOfManyDirectoriesWhereItMay() throws Exception {
    makeDirectories(100);

    watcher.start(hints);

    String expected = fanotifyRefusal().isEmpty() ? "fanotify" : "inotify";
    assertEquals(expected, watcher.capabilities().name());
    RelativePath file = RelativePath.of("d50/f");
    user().write(file, "x");
    hints.awaitPath(file);
  }

  private String fanotifyRefusal() throws IOException {
    try (var probe = new FanotifyWatcher(root(), MachineClock.open(), WatchTiming.STANDARD, 0)) {
      probe.start(hints);
      return "";
    } catch (IOException refusal) {
      return String.valueOf(refusal.getMessage());
    }
  }

  @Test
  void refusesToStartWithoutARoot() throws IOException {
    Files.delete(root());

    assertThrows(IOException.class, () -> watcher.start(hints));
  }

  @Test
  void answersACookieBeforeItsStartAndAfterItsEnd() throws Exception {
    CountDownLatch seen = new CountDownLatch(2);
    watcher.cookie(seen::countDown);
    watcher.start(hints);
    watcher.close();

    watcher.cookie(seen::countDown);

    assertEquals(0, seen.getCount());
  }

  @ParameterizedTest
  @FieldSource("dev.replicator.linux.Mounts#TYPES")
  void watchesWhateverCanBeMountedHere(String type) throws Exception {
    try (OwnDisk disk = OwnDisk.of(type)) {
      watches(disk.directory());
    }
  }

  /** With the least that a tree can have, so that fanotify is tried. */
  private static void watches(Path root) throws Exception {
    for (int directoriesMax : new int[] {0, 100}) {
      Hints told = new Hints();
      try (var watcher = new LinuxWatcher(root, MachineClock.open(), directoriesMax, 0)) {
        watcher.start(told);
        NioUser user = new NioUser(root);
        user.makeDirectory(RelativePath.of("d"));
        user.write(RelativePath.of("d/f"), "x");
        told.awaitPath(RelativePath.of("d/f"));
        user.move(RelativePath.of("d"), RelativePath.of("e"));
        told.awaitPath(RelativePath.of("e/f"));
        user.write(RelativePath.of("e/g"), "x");
        told.awaitPath(RelativePath.of("e/g"));
        user.remove(RelativePath.of("e/f"));
        user.remove(RelativePath.of("e/g"));
        user.remove(RelativePath.of("e"));
      }
    }
  }

  @Test
  void doesNotWatchWhatIsMountedBelowTheRoot() throws Exception {
    assumeTrue(Mounts.areAllowed(base), "mounting needs root");
    Path mounted = Files.createDirectory(root().resolve("mounted"));
    assumeTrue(Mounts.mount("tmpfs", base.resolve("none"), mounted), "no tmpfs here");
    try {
      watcher.start(hints);
      Files.writeString(mounted.resolve("f"), "x");
      user().write(RelativePath.of("last"), "x");
      hints.await(hint -> {
        assertTrue(!hint.path().equals(RelativePath.of("mounted/f")), hint::toString);
        return hint.path().equals(RelativePath.of("last"));
      });
    } finally {
      Mounts.unmount(mounted);
    }
  }

  /** Keeps what somebody writes to and does not close. */
  private static final class Unclosed implements Watcher.Listener {
    private final Queue<RelativePath> written = new ConcurrentLinkedQueue<>();

    @Override
    public void changed(RelativePath path) {}

    @Override
    public void written(RelativePath path, long inode) {
      written.add(path);
    }

    @Override
    public void appeared(RelativePath directory) {}

    @Override
    public void suspect(RelativePath scope, String reason) {}

    @Override
    public void failed(String reason) {}
  }

  @Test
  void tellsOfAFileThatWasCutOffByItsNameBeforeACookie() throws Exception {
    RelativePath file = RelativePath.of("f");
    user().write(file, "text");
    Unclosed unclosed = new Unclosed();
    watcher.start(unclosed);
    assumeTrue(watcher.choice().contains("2 s without a write"), watcher.choice());

    UserCalls.cutOff(root().resolve("f"), 1);
    CountDownLatch seen = new CountDownLatch(1);
    watcher.cookie(seen::countDown);

    assertTrue(seen.await(30, TimeUnit.SECONDS));
    assertEquals(List.of(file), List.copyOf(unclosed.written));
  }
}
