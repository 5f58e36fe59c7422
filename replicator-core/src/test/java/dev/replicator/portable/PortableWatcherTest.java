package dev.replicator.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeUser;
import dev.replicator.port.Watcher;
import dev.replicator.port.WatcherContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real directory, and what only this watcher does. */
final class PortableWatcherTest extends WatcherContract {
  private final Path base;
  private final PortableWatcher watcher;

  PortableWatcherTest(@TempDir Path base) {
    this.base = base;
    this.watcher = new PortableWatcher(root());
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

  /** Nothing tells it a move from what is made. */
  @Override
  protected Kind moved() {
    return Kind.APPEARED;
  }

  @Test
  void saysThatItFailedWhenTheWholeTreeIsGone() throws Exception {
    Hints hints = new Hints();
    watcher.start(hints);

    Files.delete(root());

    hints.await(hint -> hint.kind() == Kind.FAILED);
  }

  @Test
  void refusesToStartWithoutARoot() throws IOException {
    Files.delete(root());

    assertThrows(IOException.class, () -> watcher.start(new Hints()));
  }

  @Test
  void watchesARootThatIsReachedThroughASymbolicLink() throws Exception {
    Path link = Files.createSymbolicLink(base.resolve("link"), root());
    Hints hints = new Hints();
    try (PortableWatcher through = new PortableWatcher(link)) {
      through.start(hints);

      user().write(RelativePath.of("f"), "x");

      hints.awaitPath(RelativePath.of("f"));
    }
  }

  @Test
  void makesTheRootSuspectWhenAListenerOrTheLibraryThrows() throws Exception {
    Hints hints = new Hints();
    watcher.start(
        new Watcher.Listener() {
          @Override
          public void changed(RelativePath path) {
            throw new IllegalStateException("thrown by a test");
          }

          @Override
          public void appeared(RelativePath directory) {
            hints.appeared(directory);
          }

          @Override
          public void suspect(RelativePath scope, String reason) {
            hints.suspect(scope, reason);
          }

          @Override
          public void failed(String reason) {
            hints.failed(reason);
          }
        });

    user().write(RelativePath.of("f"), "x");

    assertEquals(RelativePath.ROOT, hints.await(hint -> hint.kind() == Kind.SUSPECT).path());
    user().makeDirectory(RelativePath.of("d"));
    hints.awaitPath(RelativePath.of("d"));
  }

  @Test
  void makesTheRootSuspectWhenEventsOverflow() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    Hints hints = new Hints();
    watcher.start(
        new Watcher.Listener() {
          @Override
          public void changed(RelativePath path) {
            awaitQuietly(written);
            hints.changed(path);
          }

          @Override
          public void appeared(RelativePath directory) {
            hints.appeared(directory);
          }

          @Override
          public void suspect(RelativePath scope, String reason) {
            hints.suspect(scope, reason);
          }

          @Override
          public void failed(String reason) {
            hints.failed(reason);
          }
        });

    for (int file = 0; file < 2_000; file++) {
      user().write(RelativePath.of("f" + file), "x");
    }
    written.countDown();

    assertEquals(RelativePath.ROOT, hints.await(hint -> hint.kind() == Kind.SUSPECT).path());
    user().write(RelativePath.of("after"), "x");
    hints.await(hint -> hint.path().equals(RelativePath.of("after")));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
