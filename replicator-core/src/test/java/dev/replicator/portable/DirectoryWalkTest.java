package dev.replicator.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which directories are watched, and what is said of those that cannot be. */
final class DirectoryWalkTest {
  private static final IOException LIMIT = new IOException("User limit of inotify watches reached");

  private final Path root;
  private final Set<String> visited = new TreeSet<>();
  private final List<String> suspects = new ArrayList<>();
  private final DirectoryWalk walk;

  DirectoryWalkTest(@TempDir Path root) {
    this.root = root;
    WatcherHints hints = new WatcherHints(root, new Suspects());
    this.walk = new DirectoryWalk(root.resolve(".replicator"), hints::unseen);
  }

  /** Keeps the suspicions alone. */
  private final class Suspects implements Watcher.Listener {
    @Override
    public void changed(RelativePath path) {}

    @Override
    public void appeared(RelativePath directory) {}

    @Override
    public void suspect(RelativePath scope, String reason) {
      suspects.add(scope + ": " + reason);
    }

    @Override
    public void failed(String reason) {}
  }

  @BeforeEach
  void makeTree() throws IOException {
    for (String directory : List.of("a/b/c", "a/d", "e", ".replicator/staging")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.writeString(root.resolve("a/file"), "x");
    Files.createSymbolicLink(root.resolve("link"), root.resolve("a"));
  }

  private void visit(Path directory) {
    visited.add(root.relativize(directory).toString());
  }

  @Test
  void visitsEveryDirectoryButItsOwnAndNoLink() {
    walk.recursiveVisitFiles(root, this::visit, this::visit);

    assertEquals(Set.of("", "a", "a/b", "a/b/c", "a/d", "e"), visited);
  }

  @Test
  void visitsADirectoryBeforeItIsListed() {
    walk.recursiveVisitFiles(
        root,
        directory -> {
          visit(directory);
          if (directory.equals(root)) {
            Files.createDirectory(root.resolve("late"));
          }
        },
        this::visit);

    assertTrue(visited.contains("late"));
  }

  @Test
  void goesOnAfterADirectoryThatIsGone() {
    walk.recursiveVisitFiles(
        root,
        directory -> {
          if (directory.endsWith("b")) {
            throw new NoSuchFileException("b");
          }
          visit(directory);
        },
        this::visit);

    assertEquals(Set.of("", "a", "a/d", "e"), visited);
    assertEquals(List.of(), suspects);
  }

  @Test
  void saysOnceThatTheWatchesAreUsedUp() {
    walk.recursiveVisitFiles(
        root,
        directory -> {
          if (!directory.equals(root)) {
            throw LIMIT;
          }
          visit(directory);
        },
        this::visit);

    assertEquals(1, suspects.size());
    assertTrue(suspects.getFirst().contains("fs.inotify.max_user_watches"));
  }

  @Test
  void saysOfEachDirectoryThatCannotBeWatched() {
    walk.recursiveVisitFiles(
        root.resolve("a"),
        directory -> {
          if (!directory.endsWith("a")) {
            throw new IOException("no");
          }
        },
        this::visit);

    assertEquals(
        Set.of("a/b: cannot be watched: no", "a/d: cannot be watched: no"),
        new TreeSet<>(suspects));
  }

  @Test
  void endsWhenItIsStopped() {
    walk.stop();

    assertThrows(
        ClosedWatchServiceException.class,
        () -> walk.recursiveVisitFiles(root, this::visit, this::visit));
  }
}
