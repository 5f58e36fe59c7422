package dev.replicator.linux;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.TreeMap;

/**
 * Knows of a tree what it was told to look at, and nothing else: what it knows is what is there
 * when no hint was missing. It looks at once, so it holds up its watcher.
 */
final class WatchReader implements Watcher.Listener {
  private static final String DIRECTORY = "directory";

  private final Path root;
  private final TreeMap<Path, String> known = new TreeMap<>();
  private long hints;
  private long suspicions;

  WatchReader(Path root) {
    this.root = root;
  }

  /** What is there. */
  static TreeMap<Path, String> disk(Path root) throws IOException {
    TreeMap<Path, String> found = new TreeMap<>();
    walk(root, found);
    return found;
  }

  synchronized TreeMap<Path, String> known() {
    return new TreeMap<>(known);
  }

  synchronized long hints() {
    return hints;
  }

  synchronized long suspicions() {
    return suspicions;
  }

  private Path at(RelativePath path) {
    return path.isRoot() ? root : root.resolve(path.toString());
  }

  @Override
  public synchronized void changed(RelativePath path) {
    hints++;
    Path at = at(path);
    if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
      known.put(at, DIRECTORY);
    } else if (!read(at, known)) {
      forget(at);
    }
  }

  @Override
  public synchronized void appeared(RelativePath directory) {
    hints++;
    Path at = at(directory);
    forget(at);
    walk(at, known);
  }

  @Override
  public synchronized void suspect(RelativePath scope, String reason) {
    suspicions++;
    appeared(scope);
  }

  @Override
  public void failed(String reason) {
    throw new AssertionError(reason);
  }

  private void forget(Path at) {
    known.keySet().removeIf(path -> path.startsWith(at));
  }

  private static boolean read(Path file, TreeMap<Path, String> into) {
    try {
      into.put(file, Files.readString(file));
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private static void walk(Path top, TreeMap<Path, String> into) {
    try {
      Files.walkFileTree(top, new Walk(into));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static final class Walk extends SimpleFileVisitor<Path> {
    private final TreeMap<Path, String> into;

    Walk(TreeMap<Path, String> into) {
      this.into = into;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      into.put(directory, DIRECTORY);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      read(file, into);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException gone) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException gone) {
      return FileVisitResult.CONTINUE;
    }
  }
}
